/** The former name of {@link sanitize}, for programs that import the sources. It goes with the next minor version. */
export { sanitize as untrusted } from './text/sanitize.ts'
