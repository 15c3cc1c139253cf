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
