// "Why this place": the reader's own device draws the lot again and looks at the seal.
// Without it, or where the browser offers no digests, the page says how to do it by hand.

const hex = (bytes) => [...new Uint8Array(bytes)].map((each) => each.toString(16).padStart(2, '0')).join('');

async function draw(place) {
  const { seed, entry, seal, lot } = place.dataset;
  const secret = Uint8Array.from(seed.match(/../g) || [], (pair) => parseInt(pair, 16));
  const words = new TextEncoder().encode(`lot${entry}`);
  const both = new Uint8Array([...secret, ...words]);
  const [sealed, drawn] = await Promise.all(
    [secret, both].map((bytes) => crypto.subtle.digest('SHA-256', bytes).then(hex)),
  );
  const same = sealed === seal && drawn.startsWith(lot);
  place.querySelector(`[data-drawn="${same ? 'yes' : 'no'}"]`).hidden = false;
}

const place = document.querySelector('[data-draw]');
if (place && globalThis.crypto?.subtle) draw(place);
