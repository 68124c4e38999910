/** What is pointed at where there is no common language: a picture and the same sentence five times. */

export const CARD_LANGUAGES = ['zh', 'en', 'ru', 'ko', 'ja'] as const;
export type CardLanguage = (typeof CARD_LANGUAGES)[number];
export type CardId = 'wait' | 'mask' | 'temperature' | 'symptoms' | 'from' | 'to' | 'phone' | 'document' | 'staff' | 'go' | 'doctor' | 'thanks';

export interface Card {
  id: CardId;
  words: Record<CardLanguage, string>;
  /** The traveller points at the answer. */
  asks?: boolean;
}

function card(id: CardId, zh: string, en: string, ru: string, ko: string, ja: string): Card {
  return { id, words: { zh, en, ru, ko, ja } };
}

/** In the order of a stop at the barrier. */
export const DECK: readonly Card[] = [
  card('wait', '请在这里等', 'Please wait here', 'Пожалуйста, подождите здесь', '여기서 기다려 주세요', 'ここでお待ちください'),
  card('mask', '请戴好口罩', 'Please put on your mask', 'Наденьте, пожалуйста, маску', '마스크를 써 주세요', 'マスクをつけてください'),
  card('temperature', '请测体温', 'We will take your temperature', 'Измерим вам температуру', '체온을 재겠습니다', '体温を測ります'),
  { ...card('symptoms', '发烧、咳嗽吗？', 'Fever or cough?', 'Есть температура или кашель?', '열이나 기침이 있습니까?', '熱や咳はありますか'), asks: true },
  card('from', '您从哪里来？', 'Where do you come from?', 'Откуда вы едете?', '어디에서 오셨습니까?', 'どこから来ましたか'),
  card('to', '您到哪里去？', 'Where are you going?', 'Куда вы направляетесь?', '어디로 가십니까?', 'どこへ行きますか'),
  card('phone', '请写下手机号', 'Please write your phone number', 'Напишите, пожалуйста, номер телефона', '전화번호를 적어 주세요', '電話番号を書いてください'),
  card('document', '请出示证件', 'Your document, please', 'Ваш документ, пожалуйста', '신분증을 보여 주세요', '身分証を見せてください'),
  card('staff', '请等工作人员', 'Please wait for our staff', 'Подождите, пожалуйста, сотрудника', '직원을 기다려 주세요', '係員をお待ちください'),
  card('go', '您可以走了', 'You may go on', 'Можете следовать дальше', '가셔도 됩니다', 'お通りください'),
  card('doctor', '医生马上来', 'A doctor is coming', 'Врач сейчас придёт', '의사가 곧 옵니다', '医師がまもなく来ます'),
  card('thanks', '谢谢', 'Thank you', 'Спасибо', '감사합니다', 'ありがとうございます'),
];
