/** Put in by the build: the version in package.json. */
declare const __PHONE_VERSION__: string;
