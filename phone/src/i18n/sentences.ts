/** {n} in a sentence is the figure n, and nothing else is special: the library's own language of messages stays at home. */
import type { MessageCompiler, MessageContext } from 'vue-i18n';

export const compileSentence: MessageCompiler = (words) => {
  const sentence = String(words);
  if (!sentence.includes('{')) return () => sentence;
  return ({ named }: MessageContext<string>) => sentence.replace(/\{(\w+)\}/g, (_, figure: string) => String(named(figure) ?? ''));
};
