/// jemalloc's settings (jemalloc(3), *TUNING*): caches of a thread are larger than usual, and looked through every 16
/// MiB that were asked for, not every 64 KiB. Memory is plenty here, and it saves a thirtieth of a life's time. Without
/// jemalloc it is a name that nobody reads.
extern "C" const char* malloc_conf;
const char* malloc_conf = "tcache_nslots_small_max:4000,lg_tcache_nslots_mul:6,tcache_gc_incr_bytes:16777216";
