/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which addresses are public: IANA's registries of special-purpose addresses, IPv4 and IPv6
 * (RFC 6890, RFC 8190), without what is reachable globally.
 *
 * Of IPv6 only 2000::/3 is given out.  Within it, what leads through somebody else's machine to an
 * address of IPv4 that nobody looked at (6to4, Teredo) is refused as a whole.
 */
#include "net/net-private.h"

#include <arpa/inet.h>
#include <string.h>

static bool
is_public_v4(uint32_t address)
{
    static const struct {
        uint32_t net;
        int bits;
    } nets[] = {
        { 0x00000000, 8 },  /* this network */
        { 0x0a000000, 8 },  /* private */
        { 0x64400000, 10 }, /* shared by a carrier's customers */
        { 0x7f000000, 8 },  /* this machine */
        { 0xa9fe0000, 16 }, /* the link, and what clouds tell of themselves */
        { 0xac100000, 12 }, /* private */
        { 0xc0000000, 24 }, /* protocols */
        { 0xc0000200, 24 }, /* documents */
        { 0xc0586300, 24 }, /* 6to4 relays */
        { 0xc0a80000, 16 }, /* private */
        { 0xc6120000, 15 }, /* measurements */
        { 0xc6336400, 24 }, /* documents */
        { 0xcb007100, 24 }, /* documents */
        { 0xe0000000, 3 },  /* groups, reserved, all */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(nets); i++)
        if ((address ^ nets[i].net) >> (32 - nets[i].bits) == 0)
            return false;
    return true;
}

static bool
is_public_v6(const uint8_t bytes[16])
{
    static const struct {
        uint32_t net;
        int bits;
    } nets[] = {
        { 0x20010000, 23 }, /* protocols: Teredo, ORCHID, measurements */
        { 0x20010db8, 32 }, /* documents */
        { 0x20020000, 16 }, /* 6to4 */
        { 0x3fff0000, 20 }, /* documents */
    };
    uint32_t front =
        (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];

    for (size_t i = 0; i < G_N_ELEMENTS(nets); i++)
        if ((front ^ nets[i].net) >> (32 - nets[i].bits) == 0)
            return false;
    return front >> 29 == 1;
}

/* The IPv4 address in one of IPv6 (mapped, or translated by 64:ff9b::/96); false if there is none.
 */
static bool
embedded_v4(const uint8_t bytes[16], uint32_t *out_address)
{
    static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
    static const uint8_t translated[12] = { 0x00, 0x64, 0xff, 0x9b };

    if (memcmp(bytes, mapped, sizeof mapped) != 0 &&
        memcmp(bytes, translated, sizeof translated) != 0)
        return false;
    *out_address = (uint32_t)bytes[12] << 24 | (uint32_t)bytes[13] << 16 |
                   (uint32_t)bytes[14] << 8 | bytes[15];
    return true;
}

static uint32_t
bytes_v4(const struct sockaddr *address)
{
    return ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr);
}

static const uint8_t *
bytes_v6(const struct sockaddr *address)
{
    return ((const struct sockaddr_in6 *)(const void *)address)->sin6_addr.s6_addr;
}

bool
nsk_net_is_self(const struct sockaddr *address)
{
    uint32_t v4;
    static const uint8_t one[16] = { [15] = 1 };

    if (address->sa_family == AF_INET)
        return bytes_v4(address) >> 24 == 127;
    if (address->sa_family != AF_INET6)
        return false;
    const uint8_t *bytes = bytes_v6(address);
    return embedded_v4(bytes, &v4) ? v4 >> 24 == 127 : memcmp(bytes, one, sizeof one) == 0;
}

bool
nsk_net_is_public(const struct sockaddr *address)
{
    uint32_t v4;

    if (address->sa_family == AF_INET)
        return is_public_v4(bytes_v4(address));
    if (address->sa_family != AF_INET6)
        return false;
    const uint8_t *bytes = bytes_v6(address);
    return embedded_v4(bytes, &v4) ? is_public_v4(v4) : is_public_v6(bytes);
}
