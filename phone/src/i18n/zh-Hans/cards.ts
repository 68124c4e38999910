/** Words around the cards that are pointed at; the cards' own stand in src/cards/deck.ts. */
export const cards = {
  cards: { title: '语言不通：指图', open: '语言不通：指图', all: '全部' },
};
