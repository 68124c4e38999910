/** The two words of the scanner that stand before it was fetched. */
export const scanButton = {
  scanButton: { open: 'Scan', missing: 'The scanner is not on this phone yet; please open this page once with a network' },
};
