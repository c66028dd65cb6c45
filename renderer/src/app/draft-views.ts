/** The views of a draft, in the order of their keys Ctrl+1/2/3. */
export const draftViews = ['edit', 'changes', 'send'] as const
export type DraftView = (typeof draftViews)[number]
