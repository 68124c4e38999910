/** Words of the picker of places, which officers and travellers use. */
export const region = {
  titleFrom: 'Coming from',
  titleTo: 'Going to',
  search: 'Search a place, e.g. 武汉',
  recent: 'Recent',
  whole: 'Choose {name}',
  none: 'No place of that name',
  loading: 'The register of places is not here yet; it downloads once connected',
  top: 'China',
  clear: 'Leave empty',
};
