import { describe, expect, it } from 'vitest';
import type { Tiles } from '../src/wall/answers';
import { days, hours } from '../src/wall/series';

const hour = (n: number, people: number, passages = people) => ({ hour: n, passages, vehicles: 0, people });

describe('hours', () => {
  const data: Tiles['hours'] = { hour: 2, today: [hour(0, 0), hour(1, 4), hour(2, 0, 3)], yesterday: [hour(0, 7), hour(1, 0), hour(2, 0)] };

  it('leaves a gap where nothing was reported, today and yesterday', () => {
    expect(hours(data).today).toEqual([null, 4, 0]);
    expect(hours(data).yesterday).toEqual([7, null, null]);
  });

  it('says which hour is not over', () => {
    expect(hours(data)).toMatchObject({ labels: ['0', '1', '2'], open: 2 });
  });
});

describe('days', () => {
  it('are the fourteen that end today, with gaps', () => {
    const row = { day: '2020-02-11', passages: 9, vehicles: 5, people: 8 };
    const shown = days({ today: '2020-02-13', days: [row] });
    expect(shown.labels).toHaveLength(14);
    expect([shown.labels[0], shown.labels[13]]).toEqual(['1/31', '2/13']);
    expect([shown.people[11], shown.vehicles[11], shown.people[12], shown.people[13]]).toEqual([8, 5, null, null]);
  });
});
