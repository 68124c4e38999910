/** The desk: server-rendered pages, with a few hands where a page load would be in the way. */
import './styles/tokens.css';
import './styles/page.css';
import './styles/controls.css';
import './styles/lists.css';
import './styles/records.css';
import './styles/tables.css';
import './styles/closing.css';
import './styles/poster.css';
import './styles/paper.css';
import './styles/lead.css';
import './styles/glass.css';
import './styles/rules.css';
import './styles/drafting.css';
import './styles/print.css';
import { offerPrinting, watchClosings } from './closing';
import { countDown } from './countdown';
import { draftRules } from './drafting';
import { listenToKeys } from './keys';
import { keepPiecesFresh } from './pieces';
import { typeWithKeys } from './typing';

listenToKeys();
countDown();
keepPiecesFresh();
watchClosings();
offerPrinting();
typeWithKeys();
draftRules();
