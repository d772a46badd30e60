// The few pictures of the interface, as outlines on a 24-unit grid.

const PATHS = {
  close: 'M6 6l12 12M18 6 6 18',
  send: 'M12 19V5m0 0-6 6m6-6 6 6',
  down: 'M12 5v14m0 0-6-6m6 6 6-6',
  mail: 'M4 7h16v11H4V7Zm0 .5 8 6 8-6',
  back: 'M15 5l-7 7 7 7',
  pause: 'M9 6v12M15 6v12',
  more: 'M7 10l5 5 5-5',
  bell: 'M6 16V11a6 6 0 1 1 12 0v5l1.5 2h-15L6 16Zm4 4.5h4',
  mute: 'M6 16V11a6 6 0 0 1 9.8-4.7M18 11v5l1.5 2H8M4 4l16 16m-10 .5h4',
};

const SVG = 'http://www.w3.org/2000/svg';

/** An icon by name. It is decoration: the button around it carries the words. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  const looks = { viewBox: '0 0 24 24', width: 20, height: 20, fill: 'none', stroke: 'currentColor', 'aria-hidden': true };
  const line = { d: PATHS[name], 'stroke-width': 1.8, 'stroke-linecap': 'round', 'stroke-linejoin': 'round' };
  for (const [key, value] of Object.entries(looks)) svg.setAttribute(key, value);
  for (const [key, value] of Object.entries(line)) path.setAttribute(key, value);
  svg.append(path);
  return svg;
}
