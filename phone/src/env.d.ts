/** The address of a file's deflated bytes: see packed.ts. */
declare module '*?packed' {
  const address: string;
  export default address;
}

/** Put in by the build: the version in package.json. */
declare const __PHONE_VERSION__: string;
