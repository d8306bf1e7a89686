import type { PackageRef } from '../../src/domain/deployment.ts'

/** Packages as a sentence names them: `npm @acme/myapp`; with the registry where format and name alone are ambiguous. Pure. */
export function packageNames(packages: readonly PackageRef[]): readonly string[] {
  const short = ({ format, name }: PackageRef): string => `${format} ${name}`
  return packages.map((one) =>
    packages.filter((other) => short(other) === short(one)).length > 1 ? `${short(one)} (${one.registry})` : short(one),
  )
}
