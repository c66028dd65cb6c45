/**
 * For what is asked again and again while answers to earlier askings are on their way. Null: the answer is out of date, for another
 * subject was asked about since, or a later asking was answered before. However often it is asked, answers come through.
 */
export function freshest(): <T>(ask: () => Promise<T>, about?: string) => Promise<T | null> {
  let asked = 0
  let answered = 0
  let present = ''
  return async (ask, about = '') => {
    const mine = ++asked
    present = about
    const answer = await ask()
    if (about !== present || mine < answered) return null
    answered = mine
    return answer
  }
}
