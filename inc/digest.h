// The digest with which tests report to the grader. It depends on the key of
// this run: knowing the line that a test prints is not enough to print it.
// tools/digest.py computes the same.
#ifndef JOS_INC_DIGEST_H
#define JOS_INC_DIGEST_H

#include <inc/types.h>

// Returns:  the key that is written as `hex`, with 8 digits or fewer.
static inline uint32_t
digest_key(const char *hex)
{
	uint32_t key = 0;

	for (; *hex; hex++)
		key = key << 4 |
		      (*hex <= '9' ? *hex - '0' : (*hex | 0x20) - 'a' + 10);
	return key;
}

static inline uint32_t
digest_byte(uint32_t hash, uint8_t byte)
{
	return (hash ^ byte) * 0x01000193;
}

static inline uint32_t
digest_word(uint32_t hash, uint32_t word)
{
	for (int shift = 0; shift < 32; shift += 8)
		hash = digest_byte(hash, word >> shift);
	return hash;
}

// FNV-1a over the key, the characters of `name` and `value`, numbers least
// significant byte first.
// Source: G. Fowler, L. C. Noll, K.-P. Vo, "The FNV Non-Cryptographic Hash
// Algorithm".
static inline uint32_t
digest(uint32_t key, const char *name, uint32_t value)
{
	uint32_t hash = digest_word(0x811c9dc5, key);

	for (; *name; name++)
		hash = digest_byte(hash, *name);
	return digest_word(hash, value);
}

#endif
