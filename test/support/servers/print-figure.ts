/** A figure of the dashboard in docs/reliability.md, as the suite that reached it says it. */
export function printFigure(row: string, figure: string): void {
  console.log(`row ${row}: ${figure}`)
}
