/** Words around the cards that are pointed at; the cards' own stand in src/cards/deck.ts. */
export const cards = {
  cards: { title: '指给旅客看', open: '指给旅客看', all: '全部' },
};
