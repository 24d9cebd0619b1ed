// What is pasted into the editor, brought to the few elements an essay may hold. The server cleans
// again: this only keeps the editor tidy.

const BLOCKS = new Set(['P', 'H2', 'H3', 'BLOCKQUOTE', 'UL', 'OL', 'LI']);
const INLINE = { B: 'b', STRONG: 'b', I: 'i', EM: 'i', U: 'u' };
const AS = { H1: 'h2', H4: 'h3', H5: 'h3', H6: 'h3', DIV: 'p', TD: 'p', TH: 'p', PRE: 'p', FIGURE: 'p', SECTION: 'p', ARTICLE: 'p' };
const GONE = new Set(['SCRIPT', 'STYLE', 'TITLE', 'META', 'LINK', 'HEAD', 'TEMPLATE', 'OBJECT', 'IFRAME', 'FIGCAPTION', 'DEL']);
const ALONE = 'table, ul, ol, blockquote, img, figure, h1, h2, h3, br, [data-list-item]';
const OWN = /^\/essays\/files\/[A-Za-z0-9_-]{8,16}$/;

const COMMENT = /\b(MsoComment|msocom)/;
const NUMBER = /^\s*[\dA-Za-z]{1,4}[.)]/;

/** What Word says in styles, kept as attributes; styles and handlers themselves would only make the policy complain. */
function bare(html) {
  return html
    .replace(/<style[\s\S]*?<\/style\s*>/gi, '')
    .replace(/(<[^>]*?)\sstyle\s*=\s*("[^"]*"|'[^']*')/gi, (_whole, tag, style) => {
      if (/mso-element:\s*comment/i.test(style)) return `${tag} class="MsoComment"`;
      if (/mso-list:\s*Ignore/i.test(style)) return `${tag} data-list-sign`;
      return /mso-list:/i.test(style) ? `${tag} data-list-item` : tag;
    })
    .replace(/(<[^>]*?)\son[a-z]+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, '$1');
}

/** The place of the next item: the list that stands last, or a new one. */
function listFor(item, target) {
  const sign = item.querySelector('[data-list-sign]');
  const kind = sign && NUMBER.test(sign.textContent) ? 'OL' : 'UL';
  const last = target.lastElementChild;
  if (last && last.nodeName === kind && last.dataset.pasted !== undefined) return last;
  const list = document.createElement(kind);
  list.dataset.pasted = '';
  target.append(list);
  return list;
}

function hasBlocks(node) {
  return [...node.childNodes].some((child) => child.nodeType === 1 && (BLOCKS.has(child.nodeName) || child.nodeName in AS || hasBlocks(child)));
}

/** The cells of a row that reads as one line; none where a cell holds more than a few words. */
function shortCells(row) {
  const cells = [...row.children].filter((cell) => /^T[DH]$/.test(cell.nodeName) && cell.textContent.trim());
  const together = cells.every((cell) => !cell.querySelector(ALONE) && cell.querySelectorAll('p, div').length <= 1);
  return together && cells.length > 1 ? cells : [];
}

/** A row of a table as one line, so that what stands side by side stays together. */
function copyRow(cells, target, lost) {
  const line = document.createElement('p');
  for (const cell of cells) {
    const inside = document.createElement('p');
    copy(cell, inside, lost);
    if (line.textContent) line.append(line.textContent.trimEnd().endsWith(':') ? ' ' : ' | ');
    for (const child of [...inside.childNodes]) line.append(...(child.nodeName === 'P' ? child.childNodes : [child]));
  }
  target.append(line);
}

function copy(node, target, lost) {
  for (const child of node.childNodes) {
    if (child.nodeType === 3) {
      target.append(child.data.normalize('NFC'));
      continue;
    }
    if (child.nodeType !== 1 || GONE.has(child.nodeName)) continue;
    // A comment in the margin names who made it, and is no part of the text.
    if (COMMENT.test(child.className) || 'listSign' in child.dataset) continue;
    if (child.nodeName === 'BR') target.append(document.createElement('br'));
    else if (child.nodeName === 'IMG') {
      const address = child.getAttribute('src') || '';
      if (!OWN.test(address)) {
        lost();
        continue;
      }
      const image = document.createElement('img');
      image.setAttribute('src', address);
      image.setAttribute('alt', child.getAttribute('alt') || '');
      target.append(image);
    } else if (child.nodeName in INLINE) {
      const inline = document.createElement(INLINE[child.nodeName]);
      copy(child, inline, lost);
      target.append(inline);
    } else if (child.nodeName === 'P' && 'listItem' in child.dataset) {
      const item = document.createElement('li');
      copy(child, item, lost);
      listFor(child, target).append(item);
    } else if ((BLOCKS.has(child.nodeName) || child.nodeName in AS) && !(child.nodeName in AS && hasBlocks(child))) {
      const block = document.createElement(AS[child.nodeName] || child.nodeName);
      copy(child, block, lost);
      target.append(block);
    } else if (child.nodeName === 'TR' && shortCells(child).length) copyRow(shortCells(child), target, lost);
    else copy(child, target, lost);
  }
}

/** A fragment of clean elements; `lost` is called for every picture that cannot come along. */
export function cleaned(html, lost = () => {}) {
  const source = new DOMParser().parseFromString(bare(html), 'text/html');
  const fragment = document.createDocumentFragment();
  copy(source.body, fragment, lost);
  for (const list of fragment.querySelectorAll('[data-pasted]')) delete list.dataset.pasted;
  return fragment;
}

/** How many words (tiếng) a text has, counted as the server counts. @param {string} text */
export function countWords(text) {
  return text.normalize('NFC').split(/\s+/).filter((token) => /[\p{L}\p{N}]/u.test(token)).length;
}
