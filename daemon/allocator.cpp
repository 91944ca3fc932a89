/// jemalloc's settings (jemalloc(3), *TUNING*): one thread does nearly everything, so one arena is enough, and memory
/// that is not used goes back after a second. Without jemalloc it is a name that nobody reads.
extern "C" const char* malloc_conf;
const char* malloc_conf = "narenas:1,dirty_decay_ms:1000,muzzy_decay_ms:0";
