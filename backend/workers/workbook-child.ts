// The program of the parser process: see workbook/child.ts.
import './workbook/child.ts'
