import type { NetworkInterfaceInfo } from 'node:os'
import { expect, test } from 'vitest'
import { lanAddresses } from './lan-addresses.ts'

const address = (text: string, changes: Partial<NetworkInterfaceInfo> = {}): NetworkInterfaceInfo =>
  ({
    address: text,
    netmask: '255.255.255.0',
    mac: '00:00:00:00:00:00',
    cidr: `${text}/24`,
    family: 'IPv4',
    internal: false,
    ...changes,
  }) as NetworkInterfaceInfo

test('phones are sent to this machine’s own addresses, private ones first', () => {
  expect(
    lanAddresses({
      lo: [address('127.0.0.1', { internal: true })],
      tun0: [address('100.64.0.7')],
      docker0: [address('172.17.0.1')],
      'br-12ab': [address('172.18.0.1')],
      wlan0: [address('192.168.1.5'), address('fe80::1', { family: 'IPv6', scopeid: 2 })],
      eth0: [address('169.254.3.4'), address('172.20.0.3')],
      eth1: undefined,
    }),
  ).toEqual(['192.168.1.5', '172.20.0.3', '100.64.0.7'])
})

test('a machine in no network has none', () => {
  expect(lanAddresses({ lo: [address('127.0.0.1', { internal: true })] })).toEqual([])
})
