/// jemalloc's settings (jemalloc(3), *TUNING*): a thread's cache is looked through every 16 MiB that were asked for, not
/// every 64 KiB, which takes a thirtieth of a life's time. Without jemalloc it is a name that nobody reads.
extern "C" const char* malloc_conf;
const char* malloc_conf = "tcache_gc_incr_bytes:16777216";
