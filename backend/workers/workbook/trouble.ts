import type { WorkbookProblem } from '../../ports/workbook-reader.ts'

/** The workbook cannot be used, and this is what the person is told. Carried as an exception inside the parser process only. */
export class WorkbookRefused extends Error {
  readonly problem: WorkbookProblem
  constructor(problem: WorkbookProblem) {
    super(problem.detail)
    this.problem = problem
  }
}

/** Something lawful that our own reader does not know: the library is asked instead. It never guesses. */
export class NotKnownHere extends Error {}

export function refuse(reason: WorkbookProblem['reason'], detail: string): never {
  throw new WorkbookRefused({ reason, detail })
}

export const broken = (detail: string): never => refuse('broken-workbook', detail)

export function leaveToLibrary(what: string): never {
  throw new NotKnownHere(what)
}
