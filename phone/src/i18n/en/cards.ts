import type { cards as chinese } from '../zh-Hans/cards';

export const cards: typeof chinese = {
  cards: { title: 'Show the traveller', open: 'Show the traveller', all: 'All' },
};
