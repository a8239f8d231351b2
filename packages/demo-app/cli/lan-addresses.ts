/** The addresses under which other machines of the local network may reach this one. */
import { networkInterfaces } from 'node:os'
import type { NetworkInterfaceInfo } from 'node:os'

type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>

/** Bridges of containers and virtual machines: no phone is behind them. */
const inward = /^(docker|br-|veth|virbr|vmnet|vboxnet|cni|flannel|lxc|podman)/

/**
 * IPv4 only: people may have to type it. Private addresses first, since those are the local network's.
 */
export function lanAddresses(interfaces: Interfaces = networkInterfaces()): readonly string[] {
  const found = Object.entries(interfaces)
    .filter(([name]) => !inward.test(name))
    .flatMap(([, addresses]) => addresses ?? [])
    .filter(({ family, internal, address }) => {
      return family === 'IPv4' && !internal && !address.startsWith('169.254.')
    })
    .map(({ address }) => address)
  return [...found.filter(isPrivate), ...found.filter((address) => !isPrivate(address))]
}

const isPrivate = (address: string): boolean =>
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address)
