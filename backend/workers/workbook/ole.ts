/** The other container of Office files. Since 2007 a workbook in it is either encrypted or of the old kind. */
export function isOleContainer(bytes: Buffer): boolean {
  return bytes.length >= 8 && bytes.readUInt32BE(0) === 0xd0cf11e0 && bytes.readUInt32BE(4) === 0xa1b11ae1
}

/**
 * Whether the container holds a stream `EncryptedPackage` (MS-OFFCRYPTO §2.3.4.4). Directory entries are 128 bytes each, on a
 * border of 128: the name in UTF-16LE, its length in bytes at 64, its kind at 66 (MS-CFB §2.6.1).
 */
export function holdsEncryptedPackage(bytes: Buffer): boolean {
  const name = Buffer.from('EncryptedPackage\0', 'utf16le')
  for (let at = 512; at + 128 <= bytes.length; at += 128)
    if (
      bytes[at] === 0x45 &&
      bytes.readUInt16LE(at + 64) === name.length &&
      bytes[at + 66] === 2 &&
      bytes.subarray(at, at + name.length).equals(name)
    )
      return true
  return false
}
