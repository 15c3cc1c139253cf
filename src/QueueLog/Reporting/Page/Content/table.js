'use strict';

// A table that can be copied and saved. A column: name, value (row → text or number), and perhaps cell (row → element), isNumber and
// isShort: never broken over lines.
function showTable(place, caption, columns, rows, file) {
  const csv = () => csvOf(columns, rows);
  const head = make('tr', {}, ...columns.map((column) => make('th', { scope: 'col', className: classOf(column) }, column.name)));
  const body = rows.map((row) => make('tr', {}, ...columns.map((column) =>
    make('td', { className: classOf(column) }, column.cell ? column.cell(row) : shown(column.value(row))))));
  const table = make('table', {}, make('caption', {}, caption), make('thead', {}, head), make('tbody', {}, ...body));
  const buttons = make('div', { className: 'bar screen' },
    make('button', { type: 'button', onclick: () => copy(csv()), ariaLabel: `Copy as CSV: ${caption}` }, 'Copy as CSV'),
    make('button', { type: 'button', onclick: () => save(csv(), file), ariaLabel: `Save as CSV: ${caption}` }, 'Save as CSV'));
  byId(place).replaceChildren(make('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: caption }, table), buttons);
}

const classOf = (column) => column.isNumber ? 'number' : column.isShort ? 'short' : '';

const shown = (value) => typeof value === 'number' ? number(value) : value ?? '';

function csvOf(columns, rows) {
  const lines = [columns.map((column) => column.name), ...rows.map((row) => columns.map((column) => column.value(row) ?? ''))];
  return lines.map((line) => line.map(csvField).join(',')).join('\r\n') + '\r\n';
}

// A spreadsheet must not take a text of the run for a formula.
function csvField(value) {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // A page from a file may not be allowed that.
    const area = make('textarea', { value: text });
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  say('Copied.');
}

function save(text, name) {
  const link = make('a', { href: URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/csv' })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
