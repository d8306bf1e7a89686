/** How `step.narrowed` reads, in the app and on the command line. */
export const NARROWED_TEXT =
  'its entry in bagboy.yaml now moves less than was planned; what is left out stays as it is in the registry'
