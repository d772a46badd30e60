// How the messages look: bubbles, cards, sources, notes and the small movements between them.
// Colours are those of look.js.

export const lookOfLog = new CSSStyleSheet();
lookOfLog.replaceSync(`
.messages { position: relative; min-height: 0 }
.log { height: 100%; overflow-y: auto; overscroll-behavior: contain; padding: 4px 16px 20px; display: flex; flex-direction: column; gap: 4px; scrollbar-width: thin; scrollbar-color: var(--line) transparent }
.panel .log:focus-visible { outline-offset: -3px; border-radius: 4px }
.panel .jump { position: absolute; left: 50%; bottom: 12px; translate: -50% 0; display: flex; align-items: center; gap: 5px; height: 32px; padding: 0 14px 0 10px; border: 1px solid var(--line); border-radius: 16px; background: var(--paper); box-shadow: 0 4px 14px rgb(0 0 0 / .14); font-size: 13px; font-weight: 550 }
.jump svg { width: 16px; height: 16px }

.msg { max-width: 88%; align-self: flex-start }
.msg.first { margin-top: 12px }
.panel .form { align-self: stretch; display: grid; gap: 10px; margin: 10px 0 4px; padding: 14px; border: 1px solid var(--line); border-radius: 14px; background: var(--paper); font-size: 14px }
.panel .form-title { font-weight: 600 }
.panel .form label { display: grid; gap: 3px; color: var(--soft); font-size: 12.5px }
.panel .form input, .panel .form textarea { width: 100%; min-height: 38px; padding: 8px 10px; border: 1px solid var(--line); border-radius: 9px; background: var(--ground); color: var(--ink); font: inherit; font-size: 16px; resize: vertical }
.panel .form .problem { color: var(--bad) }
.panel .form .problem:empty { display: none }
.form-foot { display: flex; align-items: center; gap: 8px; color: var(--soft); font-size: 12.5px }
.form-foot span { flex: 1 }
.panel .send-form { min-height: 36px; padding: 0 14px; border-radius: 18px; background: var(--fw-accent); color: var(--fw-ink); font-size: 14px; font-weight: 550 }
.panel .send-form:disabled { background: var(--tint); color: var(--soft); cursor: default }
.panel .form .quiet { min-height: 36px; padding: 0 10px; color: var(--soft) }
.is-live .msg, .is-live .note, .is-live .form { animation: appear 260ms cubic-bezier(.2, .8, .3, 1) }
.msg .who { display: block; margin: 0 0 3px 13px; color: var(--soft); font-size: 12px; line-height: 1.4; font-weight: 550 }
.msg:not(.first) > .who { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
.msg .bubble p { white-space: pre-wrap; overflow-wrap: anywhere }
.msg .bubble { width: fit-content; max-width: 100%; padding: 9px 13px 10px; border-radius: 17px; background: var(--paper); box-shadow: inset 0 0 0 1px var(--line) }
.msg.first .bubble { border-start-start-radius: 6px }
.msg a { color: inherit; text-underline-offset: 2px; text-decoration-thickness: 1px }
.msg.staff .bubble { background: var(--tint) }
.msg.said { align-self: flex-end }
.said .bubble { margin-inline-start: auto; background: var(--fw-accent); color: var(--fw-ink); box-shadow: none; transition: opacity 200ms }
.said.first .bubble { border-start-start-radius: 17px; border-start-end-radius: 6px }
.said.is-pending .bubble { opacity: .72 }
.panel .status { margin: 3px 13px 0; color: var(--soft); font-size: 12px; line-height: 1.4; text-align: end }
.panel .status:empty { display: none }
.is-pending .status { animation: late 1.2s both }
.said.is-refused .bubble { opacity: 1; background: var(--bad-tint); color: var(--bad); box-shadow: inset 0 0 0 1px var(--bad) }
.is-refused .status { color: var(--bad); animation: none }
.panel .status button { padding: 2px 4px; min-height: 24px; text-decoration: underline; text-underline-offset: 2px; font-weight: 600 }

.is-live .sentence { animation: ink 420ms ease-out }
.is-speaking .bubble p::after { content: ""; display: inline-block; width: 6px; height: 6px; margin-inline-start: 6px; border-radius: 50%; background: var(--soft); vertical-align: 1px; animation: breathe 1.1s infinite ease-in-out }
.cut { margin-inline-start: 4px; color: var(--soft) }
.is-cut .bubble p { display: inline }

.typing { align-self: flex-start; display: flex; gap: 5px; margin-top: 12px; padding: 14px 15px; border-radius: 17px; border-start-start-radius: 6px; background: var(--paper); box-shadow: inset 0 0 0 1px var(--line); animation: appear 260ms }
.typing i { width: 6px; height: 6px; border-radius: 50%; background: var(--soft); animation: breathe 1.1s infinite ease-in-out }
.typing i:nth-child(2) { animation-delay: .15s }
.typing i:nth-child(3) { animation-delay: .3s }

.panel .note, .panel .time { align-self: center; max-width: 86%; margin: 14px 0 6px; color: var(--soft); font-size: 13px; line-height: 1.45; text-align: center; text-wrap: balance }
.panel .time { margin: 8px 0 0; font-size: 12px; font-variant-numeric: tabular-nums }

.suggestions { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 10px }
.panel .chip { min-height: 36px; padding: 6px 14px; border: 1px solid var(--line); border-radius: 18px; background: var(--paper); font-size: 14px; line-height: 1.35; text-align: start; transition: border-color var(--quick), transform var(--quick) }
.panel .chip:hover { border-color: var(--fw-accent); transform: translateY(-1px) }
.is-live .chip { animation: appear 320ms both }
.chip:nth-child(2) { animation-delay: 50ms }
.chip:nth-child(3) { animation-delay: 100ms }
.chip:nth-child(n+4) { animation-delay: 150ms }

.panel .cards { display: grid; gap: 6px; margin-top: 6px }
.card { display: flex; align-items: center; gap: 12px; width: 100%; padding: 8px 14px 8px 8px; border-radius: 15px; background: var(--paper); box-shadow: inset 0 0 0 1px var(--line); transition: box-shadow var(--quick), transform var(--quick) }
.msg a.card { text-decoration: none }
a.card:hover { box-shadow: inset 0 0 0 1px var(--soft), 0 6px 16px rgb(0 0 0 / .09); transform: translateY(-1px) }
.card img { flex: none; width: 64px; height: 64px; border-radius: 9px; object-fit: cover; background: var(--tint) }
.card-text { min-width: 0; display: grid; gap: 3px; padding: 3px 0 }
.card:not(:has(img)) { padding-left: 14px }
.card-title { font-size: 14px; line-height: 1.35; font-weight: 600; text-wrap: pretty }
.card-facts { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 8px; font-size: 13.5px; line-height: 1.4; font-variant-numeric: tabular-nums }
.price { font-weight: 600 }
.was { color: var(--soft) }
.stock { color: var(--soft) }
.stock::before { content: ""; display: inline-block; width: 7px; height: 7px; margin-inline-end: 6px; border-radius: 50%; background: var(--soft); opacity: .6 }
.stock[data-stock="in stock"] { color: var(--good) }
.stock[data-stock="in stock"]::before { background: currentColor; opacity: 1 }

.panel .sources { display: flex; flex-wrap: wrap; gap: 5px; margin: 6px 0 2px }
.sources li { display: flex; min-width: 0 }
.source { display: block; max-width: 100%; padding: 2px 10px; border-radius: 12px; background: var(--tint); color: var(--soft); font-size: 12px; line-height: 20px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.msg a.source { color: var(--soft); text-decoration: none }
.msg a.source:hover { color: var(--ink); text-decoration: underline }

@keyframes appear { from { opacity: 0; transform: translateY(6px) } }
@keyframes ink { from { opacity: 0 } }
@keyframes late { 0%, 55% { opacity: 0 } }
@keyframes breathe { 0%, 60%, 100% { opacity: .3 } 30% { opacity: 1 } }
`);
