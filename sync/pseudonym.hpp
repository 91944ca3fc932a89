#pragma once

#include "sync/ledger.hpp"

#include <string>
#include <string_view>

namespace testdome_sync::sync {

class random_source;

/// What stands in the place of an address that was erased: the same for the same address and ledger, so that a person
/// who comes back is recognized and not paid for again, and of no use without the ledger's own key (HMAC-SHA256,
/// RFC 2104). Begins with `#`, as no address does.
/// @returns nothing if this ledger has never erased anybody
std::string pseudonym_of(ledger& ledger, std::string_view email);

/// As above; makes the key if there is none. Inside the caller's unit_of_work.
std::string make_pseudonym(ledger& ledger, random_source& random, std::string_view email);

bool is_pseudonym(std::string_view email);

} // namespace testdome_sync::sync
