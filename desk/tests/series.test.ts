import { describe, expect, it } from 'vitest';
import type { Board } from '../src/wall/board';
import { days, hours } from '../src/wall/series';

const figures = (passages: number, vehicles: number, people: number) => ({ passages, vehicles, people });

const board = {
  today: { day: '2020-03-01', ...figures(3, 2, 5) },
  by_hour: Array.from({ length: 24 }, (_, hour) => ({ hour, ...(hour === 8 ? figures(3, 0, 5) : figures(0, 0, 0)) })),
  by_day: [
    { day: '2020-02-10', ...figures(9, 9, 9) },
    { day: '2020-02-29', ...figures(7, 6, 20) },
    { day: '2020-03-01', ...figures(3, 2, 5) },
  ],
} as unknown as Board;

describe('the charts', () => {
  it('leave a gap where nothing was reported, and keep a zero that was', () => {
    const { vehicles, people } = hours(board);
    expect(people[8]).toBe(5);
    expect(vehicles[8]).toBe(0);
    expect(people[7]).toBeNull();
  });

  it('show the 14 days that end today, over the end of a leap month', () => {
    const { labels, people } = days(board);
    expect(labels).toHaveLength(14);
    expect(labels[0]).toBe('2/17');
    expect(labels.slice(-2)).toEqual(['2/29', '3/1']);
    expect(people.slice(-3)).toEqual([null, 20, 5]);
  });
});
