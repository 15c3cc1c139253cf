'use strict';

// The run, as PageData has written it. Columns of many numbers become typed arrays; times are microseconds from the begin of the run.
const run = (() => {
  const data = JSON.parse(document.getElementById('data').textContent);

  // Each time was written as its distance from the one before.
  const times = (steps) => {
    const all = new Float64Array(steps.length);
    for (let i = 0, time = 0; i < steps.length; i++) {
      time += steps[i];
      all[i] = time;
    }
    return all;
  };

  const { items, records, timeline } = data;
  items.start = times(items.start);
  items.duration = Float64Array.from(items.duration);
  items.lane = Int16Array.from(items.lane);
  items.status = Uint8Array.from(items.status);
  items.count = items.start.length;
  // A clock that was put back makes a duration below zero: such a bar is a point.
  items.end = items.start.map((start, i) => start + Math.max(0, items.duration[i]));
  items.longest = items.duration.reduce((longest, duration) => Math.max(longest, duration), 0);
  records.time = times(records.time);
  records.count = records.time.length;
  timeline.start = Float64Array.from(timeline.start);
  data.length = Math.max(data.length, 1000);
  return data;
})();

const STATUSES = ['Completed', 'Failed', 'TimedOut', 'Crashed', 'Stopped', 'Skipped', 'Retried', 'Unfinished', 'Unknown'];
const STATUS_NAMES = ['completed', 'failed', 'timed out', 'crashed', 'stopped', 'skipped', 'failed, tried again', 'no end known', 'end not known'];
const LEVELS = ['Trace', 'Debug', 'Information', 'Warning', 'Error', 'Critical'];

const isFailure = (item) => run.items.status[item] >= 1 && run.items.status[item] <= 3;

// Whether a record is of an item, in its run: of the items that share an index the nearest is the record's. An item that was tried again is one
// with its attempts.
function recordTest(item) {
  const { items, records } = run;
  const same = [];
  for (let i = 0; i < items.count; i++) {
    if (items.index[i] === items.index[item]) {
      same.push(i);
    }
  }
  const isNext = (before, behind) => items.attempt[before] < items.attempt[behind] && items.input[before] === items.input[behind];
  let first = same.indexOf(item);
  let last = first;
  while (first > 0 && isNext(same[first - 1], same[first])) {
    first--;
  }
  while (last < same.length - 1 && isNext(same[last], same[last + 1])) {
    last++;
  }
  // Of two that are as near the one in the record's own lane.
  const distance = (i, other) => Math.max(0, items.start[other] - records.time[i], records.time[i] - items.end[other]) * 2 + (items.lane[other] === records.lane[i] ? 0 : 1);
  const nearest = (i) => same.reduce((best, other, place) => distance(i, other) < distance(i, same[best]) ? place : best, 0);
  return (i) => {
    if (records.item[i] !== items.index[item]) {
      return false;
    }
    const place = nearest(i);
    return place >= first && place <= last;
  };
}

// The place of the first that is not below a value, in an array that ascends.
function lowerBound(sorted, value) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
