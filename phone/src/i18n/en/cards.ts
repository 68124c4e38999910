import type { cards as chinese } from '../zh-Hans/cards';

export const cards: typeof chinese = {
  cards: { title: 'No common language: pictures', open: 'Pictures', all: 'All' },
};
