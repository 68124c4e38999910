import 'vant/es/style/base.css';
import 'vant/es/overlay/index.css';
import 'vant/es/popup/index.css';
import 'vant/es/cell/index.css';
import 'vant/es/cell-group/index.css';
import './styles/tokens.css';
import './styles/vant.css';
import './styles/page.css';
import './styles/controls.css';
import './styles/measures.css';
import { createApp, h, ref } from 'vue';
import App from './App.vue';
import { takeCodeFromAddress } from './device/enrolment';
import { i18n } from './i18n';
import { followAddress, go } from './screens/route';
import { followUp, prepare } from './start';

/** The screen changes when the code does: a second enrolment link opened in the same tab alters only the part after #. */
async function start(): Promise<void> {
  const code = ref(takeCodeFromAddress() ?? '');
  const readiness = await prepare();
  followAddress(() => (code.value = takeCodeFromAddress() ?? code.value));
  if (code.value) go('enrol');
  createApp({ render: () => h(App, { readiness, code: code.value }) }).use(i18n).mount('#app');
  if (readiness === 'READY') followUp();
}

void start();
