// How the chat looks: colours, the panel, its header and composer. Constructed stylesheets in the
// shadow root, so that a page's styles and its content security policy have no say in it.
// `--fw-accent` and `--fw-ink` come from the loader; every other colour is here, and all text has at
// least 4.5 : 1 against what it stands on.

/** Where the chat fills the screen. */
export const PHONE = '(max-width: 480px)';

export const look = new CSSStyleSheet();
look.replaceSync(`
.panel {
  --paper: #fff; --ground: #f6f5f1; --ink: #1b2420; --soft: #5b6661; --line: #e3e1da; --tint: #eef2ee;
  --good: #1d6b47; --bad: #a5281b; --bad-tint: #fdf0ee; --quick: 160ms; color-scheme: light;
}
@media (prefers-color-scheme: dark) {
  .panel {
    --paper: #1d2321; --ground: #151a18; --ink: #e8ece9; --soft: #a2aea8; --line: #303835; --tint: #242c29;
    --good: #7fcfa4; --bad: #ff9e92; --bad-tint: #38211e; color-scheme: dark;
  }
}
.panel {
  position: fixed; z-index: 2147483000; right: 20px; bottom: 92px; box-sizing: border-box;
  width: min(408px, calc(100vw - 40px)); height: min(680px, calc(100dvh - 112px));
  display: grid; grid-template: auto minmax(0, 1fr) auto auto / minmax(0, 1fr); overflow: hidden;
  border: 1px solid var(--line); border-radius: 20px; background: var(--ground); color: var(--ink);
  box-shadow: 0 2px 6px rgb(0 0 0 / .06), 0 18px 56px rgb(0 0 0 / .2);
  font: 400 15px/1.5 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  -webkit-font-smoothing: antialiased; text-align: start;
  transform-origin: bottom right; animation: rise 220ms cubic-bezier(.2, .9, .3, 1);
}
:host([data-position=left]) .panel { right: auto; left: 20px; transform-origin: bottom left }
.panel[hidden], .panel [hidden] { display: none !important }
.panel *, .panel *::before, .panel *::after { box-sizing: border-box }
.panel p, .panel h2, .panel ul { margin: 0; padding: 0 }
.panel ul { list-style: none }
.panel button { font: inherit; color: inherit; border: 0; background: none; cursor: pointer }
.panel :focus { outline: none }
.panel :focus-visible { outline: 2px solid var(--ink); outline-offset: 2px }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }

.top { display: flex; align-items: center; gap: 10px; padding: 14px 10px 13px 16px; background: var(--paper); border-bottom: 1px solid var(--line) }
.monogram { flex: none; display: grid; place-items: center; width: 36px; height: 36px; border-radius: 11px; background: var(--fw-accent); color: var(--fw-ink); font-weight: 600; font-size: 17px }
.names { flex: 1; min-width: 0 }
.shop { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: 15.5px; line-height: 1.3; font-weight: 650; letter-spacing: -.01em }
.badge-who { display: flex; align-items: center; gap: 6px; font-size: 12.5px; line-height: 1.4; color: var(--soft) }
.badge-who::before { content: ""; width: 7px; height: 7px; border-radius: 2px; background: var(--soft); transform: rotate(45deg) scale(.9); transition: all 250ms }
.badge-who.is-person { color: var(--good); font-weight: 600 }
.badge-who.is-person::before { border-radius: 50%; background: var(--good); transform: none }
.panel .ask { flex: none; height: 34px; padding: 0 12px; border: 1px solid var(--line); border-radius: 17px; font-size: 13px; font-weight: 550; white-space: nowrap; transition: background var(--quick), border-color var(--quick) }
.panel .ask:hover { background: var(--tint); border-color: var(--soft) }
.panel .ask[aria-disabled=true] { background: var(--tint); border-color: transparent; color: var(--soft); cursor: default }
.panel .close { flex: none; display: grid; place-items: center; width: 34px; height: 34px; border-radius: 50%; color: var(--soft); transition: background var(--quick) }
.panel .close:hover { background: var(--tint); color: var(--ink) }

.panel .notice { padding: 8px 18px; background: var(--tint); border-top: 1px solid var(--line); color: var(--soft); font-size: 13px; line-height: 1.45 }

.composer { display: flex; flex-wrap: wrap; align-items: flex-end; gap: 8px; margin: 0; padding: 10px 10px 10px 8px; background: var(--paper); border-top: 1px solid var(--line) }
.composer textarea { flex: 1; min-width: 0; height: 40px; max-height: 148px; margin: 0; padding: 8px 10px; border: 0; border-radius: 12px; background: none; color: var(--ink); font: inherit; font-size: 16px; line-height: 24px; resize: none; scrollbar-width: thin }
.composer textarea::placeholder { color: var(--soft); opacity: 1 }
.panel .composer textarea:focus-visible { outline: none }
.composer:focus-within { box-shadow: inset 0 2px 0 var(--fw-accent) }
.panel .send { flex: none; display: grid; place-items: center; width: 40px; height: 40px; border-radius: 50%; background: var(--fw-accent); color: var(--fw-ink); transition: transform var(--quick), background var(--quick), color var(--quick) }
.panel .send:hover:enabled { transform: translateY(-1px) }
.panel .send:active:enabled { transform: scale(.94) }
.panel .send:disabled { background: var(--tint); color: var(--soft); cursor: default }
.left { flex: 1 0 100%; order: -1; padding: 0 8px; color: var(--soft); font-size: 12px; line-height: 1.3; text-align: end; font-variant-numeric: tabular-nums }
.left:empty { display: none }
.left.over { color: var(--bad); font-weight: 600 }

@keyframes rise { from { opacity: 0; transform: translateY(14px) scale(.97) } }
@media ${PHONE} {
  .panel { inset: 0; width: auto; height: var(--seen, 100dvh); border: 0; border-radius: 0; animation-duration: 180ms }
  :host([data-position=left]) .panel { left: 0 }
  .composer { padding-bottom: max(10px, env(safe-area-inset-bottom)) }
}
@media (max-width: 350px) { .monogram { display: none } }
@media (prefers-reduced-motion: reduce) { .panel, .panel * { animation: none !important; transition: none !important } }
@media (forced-colors: active) { .send, .monogram, .launcher { border: 1px solid } }
`);
