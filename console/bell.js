// Calls for attention: the number waiting in the page's title, which blinks while nobody looks, and a
// soft sound for those who asked for it. Whether they did is all the console keeps in the browser.

import { words } from './words.js';

const KEPT_AS = 'floorwalker:sound';

export function bell() {
  let known = null;
  let blinking = 0;
  let audio = null;

  /** `chats` are those waiting now; a new one among them rings. */
  function tell(chats) {
    const news = known !== null && chats.some((chat) => !known.has(chat));
    known = new Set(chats);
    title();
    if (!news) return;
    if (sound()) chime();
    if (document.hidden) blink();
  }

  function title(lit = true) {
    const count = known?.size ?? 0;
    document.title = count && lit ? `(${count}) ${words.groups.queued} · ${words.title}` : words.title;
  }

  function blink() {
    let lit = true;
    clearInterval(blinking);
    blinking = setInterval(() => title((lit = !lit)), 1_000);
  }

  function seen() {
    if (document.hidden) return;
    clearInterval(blinking);
    title();
  }

  const sound = () => localStorage.getItem(KEPT_AS) === 'on';

  function setSound(on) {
    localStorage.setItem(KEPT_AS, on ? 'on' : 'off');
    if (on) chime();
  }

  /** Two quiet notes, made here: no file to fetch. */
  function chime() {
    audio ??= new AudioContext();
    [660, 880].forEach((pitch, index) => {
      const at = audio.currentTime + index * 0.14;
      const tone = new OscillatorNode(audio, { frequency: pitch });
      const volume = new GainNode(audio, { gain: 0 });
      volume.gain.setValueAtTime(0, at);
      volume.gain.linearRampToValueAtTime(0.12, at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, at + 0.5);
      tone.connect(volume).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 0.5);
    });
  }

  document.addEventListener('visibilitychange', seen);
  return {
    tell,
    sound,
    setSound,
    end() {
      clearInterval(blinking);
      document.removeEventListener('visibilitychange', seen);
      document.title = words.title;
    },
  };
}
