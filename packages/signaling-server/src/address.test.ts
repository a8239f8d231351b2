import { expect, test } from 'vitest'
import { addressKey, forwardedAddress, unknownAddress } from './address.ts'

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::6', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::', '2001:db8:1:2::/64'],
  ['2001:db8::7', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['64:ff9b::203.0.113.9', '64:ff9b:0:0::/64'],
  ['1:2:3:4:5:6:203.0.113.9', '1:2:3:4::/64'],
  ['nonsense', unknownAddress],
  ['', unknownAddress],
  [undefined, unknownAddress],
])('[SG16] %s is charged to %s', (raw, key) => {
  expect(addressKey(raw)).toBe(key)
})

test.each([
  ['198.51.100.7', '198.51.100.7'],
  ['10.0.0.1, 198.51.100.7', '198.51.100.7'],
  ['10.0.0.1,2001:db8::1', '2001:db8::1'],
  ['198.51.100.7, nonsense', undefined],
  ['', undefined],
  [undefined, undefined],
])('[SG16] behind a proxy %s stands for %s', (header, address) => {
  expect(forwardedAddress(header)).toBe(address)
})
