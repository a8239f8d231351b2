/** Reads the JSON reports of the test programs: what is missing or of another shape is as good as not there. */

export type Json = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function records(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

/** Undefined: no object of JSON. */
export function readReport(report: string | undefined): Json | undefined {
  try {
    const value: unknown = JSON.parse(report ?? '')
    return isRecord(value) ? value : undefined
  } catch {
    return undefined // the check died before it wrote its report
  }
}
