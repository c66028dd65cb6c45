/** A detail from elsewhere as a sentence of its own. */
export const sentence = (text: string): string => (/[.!?…:]$/.test(text) ? text : `${text}.`)
