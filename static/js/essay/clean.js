// What is pasted into the editor, brought to the few elements an essay may hold. The server cleans
// again: this only keeps the editor tidy.

const BLOCKS = new Set(['P', 'H2', 'H3', 'BLOCKQUOTE', 'UL', 'OL', 'LI']);
const INLINE = { B: 'b', STRONG: 'b', I: 'i', EM: 'i', U: 'u' };
const AS = { H1: 'h2', H4: 'h3', H5: 'h3', H6: 'h3', DIV: 'p', TD: 'p', TH: 'p', PRE: 'p', FIGURE: 'p', SECTION: 'p', ARTICLE: 'p' };
const GONE = new Set(['SCRIPT', 'STYLE', 'TITLE', 'META', 'LINK', 'HEAD', 'TEMPLATE', 'OBJECT', 'IFRAME', 'FIGCAPTION']);
const OWN = /^\/essays\/files\/[A-Za-z0-9_-]{8,16}$/;

function hasBlocks(node) {
  return [...node.childNodes].some((child) => child.nodeType === 1 && (BLOCKS.has(child.nodeName) || child.nodeName in AS || hasBlocks(child)));
}

function copy(node, target) {
  for (const child of node.childNodes) {
    if (child.nodeType === 3) {
      target.append(child.data.normalize('NFC'));
      continue;
    }
    if (child.nodeType !== 1 || GONE.has(child.nodeName)) continue;
    if (child.nodeName === 'BR') target.append(document.createElement('br'));
    else if (child.nodeName === 'IMG') {
      const address = child.getAttribute('src') || '';
      if (!OWN.test(address)) continue;
      const image = document.createElement('img');
      image.setAttribute('src', address);
      image.setAttribute('alt', child.getAttribute('alt') || '');
      target.append(image);
    } else if (child.nodeName in INLINE) {
      const inline = document.createElement(INLINE[child.nodeName]);
      copy(child, inline);
      target.append(inline);
    } else if ((BLOCKS.has(child.nodeName) || child.nodeName in AS) && !(child.nodeName === 'DIV' && hasBlocks(child))) {
      const block = document.createElement(AS[child.nodeName] || child.nodeName);
      copy(child, block);
      target.append(block);
    } else copy(child, target);
  }
}

/** A fragment of clean elements. @param {string} html */
export function cleaned(html) {
  // Styles go first: the policy would refuse them, and complain, even in a page that is never shown.
  const bare = html.replace(/<style[\s\S]*?<\/style\s*>/gi, '').replace(/(<[^>]*?)\sstyle\s*=\s*("[^"]*"|'[^']*')/gi, '$1');
  const source = new DOMParser().parseFromString(bare, 'text/html');
  const fragment = document.createDocumentFragment();
  copy(source.body, fragment);
  return fragment;
}

/** How many words (tiếng) a text has, counted as the server counts. @param {string} text */
export function countWords(text) {
  return text.normalize('NFC').split(/\s+/).filter((token) => /[\p{L}\p{N}]/u.test(token)).length;
}
