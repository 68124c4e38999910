/** The two words of the scanner that stand before it was fetched; the rest is in scanner.ts. */
export const scanButton = {
  scanButton: { open: '扫码', missing: '扫码程序还没有下载，请联网打开一次' },
};
