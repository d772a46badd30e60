// Random names, made in the browser. `crypto.randomUUID` is missing on plain http, where a shop may
// try this out first, so bytes are drawn directly.

function random(count) {
  const bytes = crypto.getRandomValues(new Uint8Array(count));
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** The visitor's only credential: 32 bytes, base64url without padding, 43 characters. */
export const newKey = () => random(32);

/** The name of a message, so that sending it again changes nothing. */
export const newClientId = () => random(16);
