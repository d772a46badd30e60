// The loader, the only file a shop embeds:
//   <script async src="https://HOST/widget.js" data-site="KEY"></script>
// It draws the bubble inside a shadow root and fetches the chat itself when a visitor first wants it.
// Optional: data-color (any CSS colour), data-position ("left" or "right"). Any link to `#floorwalker`
// on the page opens the chat too. It writes nothing to the browser, asks nobody else for anything,
// and a second inclusion is ignored. A page with a content security policy of its own allows
//   script-src https://HOST; connect-src wss://HOST; img-src (where its product pictures are)
(() => {
  const script = document.currentScript;
  const { site, color, position } = script.dataset;
  if (document.querySelector('floorwalker-chat')) return;
  if (!/^[a-z0-9-]{1,32}$/.test(site ?? '')) {
    console.warn('Floorwalker: data-site must be 1 to 32 lower-case letters, digits or "-".');
    return;
  }

  const host = document.createElement('floorwalker-chat');
  host.dataset.position = position === 'left' ? 'left' : 'right';
  if (color && CSS.supports('color', color)) host.style.setProperty('--fw-accent', color);

  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; --fw-accent: #1f6350; --fw-ink: #fff; }
    @supports (color: color(from red xyz-d65 x y z)) {
      :host { --fw-ink: color(from var(--fw-accent) xyz-d65
        calc((.183 - y) * 999) calc((.183 - y) * 999) calc((.183 - y) * 999)); }
    }
    @media print { :host { display: none } }
    .launcher { all: unset; box-sizing: border-box; position: fixed; z-index: 2147483000; bottom: 20px; right: 20px;
      display: grid; place-items: center; width: 58px; height: 58px; border-radius: 50%; cursor: pointer;
      color: var(--fw-ink); background: var(--fw-accent);
      box-shadow: 0 1px 2px rgb(0 0 0 / .2), 0 8px 24px rgb(0 0 0 / .22), inset 0 0 0 1px rgb(255 255 255 / .14);
      transition: transform .18s cubic-bezier(.3, 1.4, .6, 1), opacity .15s; }
    :host([data-position=left]) .launcher { right: auto; left: 20px }
    .launcher:hover { transform: translateY(-2px) }
    .launcher:active { transform: scale(.95) }
    .launcher:focus-visible { outline: 3px solid var(--fw-accent); outline-offset: 3px; box-shadow: 0 0 0 3px #fff }
    .launcher svg { grid-area: 1 / 1; transition: transform .25s, opacity .15s }
    .launcher .shut { opacity: 0; transform: rotate(-60deg) scale(.6) }
    .launcher[aria-expanded=true] .shut { opacity: 1; transform: none }
    .launcher[aria-expanded=true] .talk { opacity: 0; transform: rotate(40deg) scale(.6) }
    .badge { position: absolute; top: -3px; right: -3px; box-sizing: border-box; min-width: 22px; height: 22px; padding: 0 6px;
      border: 2px solid #fff; border-radius: 11px; background: #b3261e; color: #fff; text-align: center;
      font: 600 12px/18px system-ui, sans-serif }
    .badge:empty { display: none }
    @media (max-width: 480px) { .launcher[aria-expanded=true] { opacity: 0; pointer-events: none } }
    @media (prefers-reduced-motion: reduce) { .launcher, .launcher svg { transition: none } }
  `);
  root.adoptedStyleSheets = [sheet];

  const bubble = document.createElement('button');
  const badge = document.createElement('span');
  bubble.className = 'launcher';
  badge.className = 'badge';
  bubble.type = 'button';
  bubble.append(
    drawing('talk', 'M4 6.5a2.5 2.5 0 0 1 2.5-2.5h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H12l-4.5 4V16h-1A2.5 2.5 0 0 1 4 13.5Z M8.5 8.5h7 M8.5 11.5h4.5'),
    drawing('shut', 'M6 9.5l6 6 6-6'),
    badge,
  );
  root.append(bubble);
  tell(false, 0);

  function drawing(name, outline) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    const looks = { viewBox: '0 0 24 24', width: 27, fill: 'none', stroke: 'currentColor', 'stroke-width': 1.7,
      'stroke-linecap': 'round', 'stroke-linejoin': 'round', class: name, 'aria-hidden': true };
    for (const key in looks) svg.setAttribute(key, looks[key]);
    path.setAttribute('d', outline);
    svg.append(path);
    return svg;
  }

  /** What the bubble shows and says of the chat behind it. */
  function tell(open, unread) {
    bubble.setAttribute('aria-expanded', open);
    bubble.setAttribute('aria-label', open ? 'Close chat' : unread ? `Open chat, ${unread} new` : 'Open chat');
    badge.textContent = open || !unread ? '' : unread > 9 ? '9+' : unread;
  }

  let files;
  let chat;
  const fetched = () => (files ??= import(new URL('/widget/chat.js', script.src)));
  const started = () =>
    (chat ??= fetched()
      .then(({ mount }) => mount({ host, root, bubble, tell, site, server: new URL(script.src).origin }))
      .catch((error) => {
        files = chat = undefined; // the next click tries again
        bubble.title = 'The chat could not be loaded. Please try again.';
        console.warn('Floorwalker:', error);
      }));

  bubble.addEventListener('pointerenter', () => fetched().catch(() => (files = undefined)), { once: true });
  bubble.addEventListener('click', async () => (await started())?.toggle());
  document.addEventListener('click', async (event) => {
    if (!event.target.closest?.('a[href="#floorwalker"]')) return;
    event.preventDefault();
    (await started())?.open();
  });

  document.documentElement.append(host); // not in body: that is what page-swapping sites replace
  try {
    if (sessionStorage.getItem(`floorwalker:${site}`)) started(); // a chat of this tab goes on
  } catch {
    // No storage, nothing to go on with.
  }
})();
