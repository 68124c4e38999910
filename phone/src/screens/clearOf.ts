/** What is brought into view stands above the keypad and the acts, however tall they are just now. */
import { onMounted, onUnmounted, type Ref } from 'vue';

export function keepClearOf(foot: Ref<HTMLElement | undefined>): void {
  const page = document.documentElement;
  const observer = new ResizeObserver(([entry]) => {
    page.style.scrollPaddingBottom = `${Math.ceil(entry?.contentRect.height ?? 0)}px`;
  });
  onMounted(() => foot.value && observer.observe(foot.value));
  onUnmounted(() => {
    observer.disconnect();
    page.style.scrollPaddingBottom = '';
  });
}
