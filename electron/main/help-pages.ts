/** The only addresses that are ever handed to the system's browser (reliability.md §1.9, item 15): constants, never a cell's content. */
export const helpPages = Object.freeze({
  fileReference: 'https://help.webex.com/afv3q8',
  manageByFile: 'https://help.webex.com/nlkiw8e',
  provisioning: 'https://help.webex.com/ny0fr7x',
})
export type HelpPage = keyof typeof helpPages
