/** The traveller's own page before the barrier: /d/CHECKPOINT. It works without network once it is loaded. */
import '../styles/tokens.css';
import '../styles/page.css';
import '../styles/controls.css';
import './declare.css';
import './shown.css';
import { createApp } from 'vue';
import DeclareApp from './DeclareApp.vue';
import { loadDraft } from './draft';
import { loadFacts } from './facts';
import { languageOfBrowser, speak, words } from './language';
import { loadPlaces } from './places';
import { loadQuestions } from './questions';
import { followHistory } from './steps';

function followDaylight(): void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const show = () => (document.documentElement.dataset.theme = dark.matches ? 'dark' : 'light');
  dark.addEventListener?.('change', show);
  show();
}

async function start(): Promise<void> {
  followDaylight();
  await speak(languageOfBrowser());
  loadDraft();
  followHistory();
  createApp(DeclareApp).use(words).mount('#app');
  await loadFacts();
  void loadQuestions();
  // The register of places is large: it comes when the first screen stands, for the screens that need it.
  void loadPlaces();
}

void start();
