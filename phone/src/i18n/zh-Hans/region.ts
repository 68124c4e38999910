/** Words of the picker of places, which officers and travellers use. */
export const region = {
  titleFrom: '从哪里来',
  titleTo: '到哪里去',
  search: '搜索地名，如 武汉',
  recent: '最近用过',
  whole: '就选 {name}',
  none: '没有找到这个地名',
  loading: '地名册还没有下载，联网后自动下载',
  top: '全国',
  clear: '不填',
};
