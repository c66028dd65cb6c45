/** Whether a path names a file that Roster writes a table to. */
export const isTabular = (path: string): boolean => /\.(?:csv|xlsx)$/i.test(path)
/** Whether a path names a page for the browser. */
export const isPage = (path: string): boolean => /\.html?$/i.test(path)
