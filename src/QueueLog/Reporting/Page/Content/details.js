'use strict';

// All that is known of an item, with the log around it.
function showItem(item) {
  const { items, texts } = run;
  const index = items.index[item];
  const rows = [
    ['Status', STATUS_NAMES[items.status[item]]],
    ['Input', items.input[item]],
    ['Worker', `${laneName(items.lane[item])}${items.pid[item] ? ` (process ${items.pid[item]})` : ''}`],
    ['Attempt', String(items.attempt[item])],
    ['Started', `${dateOf(items.start[item])} ${timeOf(items.start[item])}`],
    ['Duration', items.duration[item] < 0 ? `${durationOf(items.duration[item])}: it ended before it began, by the clock` : durationOf(items.duration[item])],
    ['Exit code', items.exit[item] === undefined ? '' : String(items.exit[item])],
    ['Error', texts[items.error[item]] ?? ''],
    ['Error id', texts[items.errorId[item]] ?? ''],
    ['Where', texts[items.trace[item]] ?? ''],
  ].filter(([, value]) => value !== '');
  byId('details').hidden = false;
  byId('details-heading').textContent = `Item ${index}`;
  byId('details-body').replaceChildren(
    make('dl', {}, ...rows.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)])),
    recordsAround(item),
    make('div', { className: 'bar screen' },
      make('button', { type: 'button', onclick: () => log.showItem(item) }, 'Records of this item'),
      make('button', { type: 'button', onclick: () => log.showAround(item) }, 'Log of its worker at that time'),
      make('button', { type: 'button', onclick: closeItem }, 'Close')));
}

function closeItem() {
  byId('details').hidden = true;
  timeline.select(-1);
  byId('lanes').focus();
}

// What its worker wrote meanwhile, with a little before and behind.
function recordsAround(item) {
  const MOST = 60;
  const AROUND = 3;
  const { items, records } = run;
  const first = items.start[item] + Math.min(0, items.duration[item]);
  const last = items.end[item];
  // In the order in which they were written: where a clock was put back, their times do not ascend.
  const own = [];
  for (let i = 0; i < records.count; i++) {
    if ((items.lane[item] >= 0 && records.lane[i] === items.lane[item]) || records.item[i] === items.index[item]) {
      own.push(i);
    }
  }
  const isMeanwhile = (i) => records.time[i] >= first && records.time[i] <= last;
  const later = own.findIndex((i) => records.time[i] > last);
  const next = later < 0 ? own.length : later;
  const begin = own.findIndex(isMeanwhile);
  const from = begin < 0 ? next : begin;
  const to = begin < 0 ? next : own.findLastIndex(isMeanwhile) + 1;
  const lines = [
    ...own.slice(Math.max(0, from - AROUND), from),
    ...own.slice(from, to).filter(isMeanwhile).slice(0, MOST),
    ...own.slice(to, to + AROUND),
  ];
  const text = lines.map((i) => `${timeOf(records.time[i])} ${levelName(i).padEnd(11)} ${records.message[i]}`);
  return text.length ? make('pre', { tabIndex: 0, ariaLabel: 'The log around it' }, text.join('\n')) : make('p', { className: 'hint' }, 'The log has nothing of this worker at that time.');
}

const levelName = (record) => LEVELS[run.records.level[record]] ?? '(line)';

const itemButton = (index) => make('button', { type: 'button', className: 'link', onclick: () => {
  timeline.goTo(index);
  byId('time').scrollIntoView({ block: 'start' });
} }, `${index}`);
