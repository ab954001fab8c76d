/* SPDX-License-Identifier: MIT */
/*
 * Rewinding: the program's writable memory goes back to what it was before main.
 *
 * At the snapshot every writable page (data and bss of program and libraries, thread-local storage,
 * arguments) is made read-only, and nothing is copied. The first write to a page ever faults; then
 * its content, still the original, is saved, the page becomes writable for good and joins the hot
 * pages. Rewinding copies the hot pages back: a dozen, in most programs. Exact without copying
 * everything.
 *
 * Not among them: what the runtime maps for itself (lasting, shared, execution memory), the heap's
 * later blocks and the fibers' stacks, which are cleaned by those who own them, and the kernel's own
 * stack.
 */
#include "explore/runtime/base.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "explore/runtime/blocks.h"
#include "explore/runtime/hash.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/places.h"
#include "explore/runtime/rewind.h"
#include "explore/runtime/system_call.h"
#include "explore/runtime/tls.h"
#include "explore/runtime/unsupported.h"

enum { PAGE = 4096, LEFT_OUT = 6 };

/* The runtime's own static variables lie in sections of their own: see the Makefile. */
extern char __start_hazard_bss[], __stop_hazard_bss[], __start_hazard_data[], __stop_hazard_data[];

static void protect(char *start, size_t size, int protection) {
    system_call(SYS_mprotect, (long)start, (long)size, protection, 0, 0, 0);
}

/* Part of no state: the runtime's variables, and how far standard output has come (calls/stream.c). */
static struct left_out { uintptr_t start, end; } left_out[LEFT_OUT];

void rewind_leave_out(const void *start, size_t size) {
    for (int i = 0; i < LEFT_OUT; i++)
        if (left_out[i].end == 0) {
            left_out[i] = (struct left_out){(uintptr_t)start, (uintptr_t)start + size};
            return;
        }
}

static void leave_out_ours(void) {
    rewind_leave_out(__start_hazard_data, (size_t)(__stop_hazard_data - __start_hazard_data));
    rewind_leave_out((const void *)EXECUTION_ADDRESS, MEMORY_SIZE); /* looked at by itself */
    rewind_leave_out(__start_hazard_bss, (size_t)(__stop_hazard_bss - __start_hazard_bss));
}

void rewind_clear_left_out(char *copy, const char *at, size_t size) {
    uintptr_t start = (uintptr_t)at, end = start + size;
    for (int i = 0; i < LEFT_OUT && left_out[i].end != 0; i++) {
        uintptr_t from = left_out[i].start > start ? left_out[i].start : start;
        uintptr_t to = left_out[i].end < end ? left_out[i].end : end;
        if (from < to)
            memset(copy + (from - start), 0, to - from);
    }
}

static enum page_owner owner_of(const char *page) {
    uintptr_t start = (uintptr_t)page, end = start + PAGE;
    enum page_owner owner = PAGE_PROGRAM;
    for (int i = 0; i < LEFT_OUT && left_out[i].end != 0; i++)
        if (left_out[i].start <= start && left_out[i].end >= end)
            return PAGE_OURS;
        else if (left_out[i].start < end && left_out[i].end > start)
            owner = PAGE_MIXED;
    return owner;
}

static void heat(struct region *region, size_t page) {
    if (region->hot[page] != HEAT_NONE)
        return;
    if (lasting->hot_count == lasting->hot_space) {
        int space = lasting->hot_space * 2 + 64;
        struct hot_page *larger = lasting_new((size_t)space * sizeof *larger);
        if (lasting->hot_count > 0)
            memcpy(larger, lasting->hot, (size_t)lasting->hot_count * sizeof *larger);
        lasting->hot = larger;
        lasting->hot_space = space;
    }
    char *copy = lasting_new(PAGE);
    memcpy(copy, region->start + page * PAGE, PAGE);
    lasting->hot[lasting->hot_count++] =
        (struct hot_page){.page = region->start + page * PAGE,
                          .copy = copy,
                          .owner = owner_of(region->start + page * PAGE)};
    region->hot[page] = HEAT_HOT;
    protect(region->start + page * PAGE, PAGE, PROT_READ | PROT_WRITE);
}

static struct region *region_of(const char *address, size_t *page) {
    for (int i = 0; i < lasting->region_count; i++) {
        struct region *region = &lasting->regions[i];
        *page = (size_t)(address - region->start) / PAGE;
        if (address >= region->start && *page < region->pages)
            return region;
    }
    return NULL;
}

void rewind_cool(struct hot_page *hot) {
    size_t page;
    struct region *region = region_of(hot->page, &page);
    region->hot[page] = HEAT_COOL;
    hot->cool = true;
    protect(hot->page, PAGE, PROT_READ);
}

/* It is written to after all. */
static void warm(struct region *region, size_t page) {
    char *address = region->start + page * PAGE;
    region->hot[page] = HEAT_HOT;
    protect(address, PAGE, PROT_READ | PROT_WRITE);
    for (int i = 0; i < lasting->hot_count; i++)
        if (lasting->hot[i].page == address) {
            lasting->hot[i].cool = false;
            lasting->hot[i].still = 0;
        }
}

bool rewind_fault(char *address) {
    size_t page;
    struct region *region = region_of(address, &page);
    if (region == NULL || region->hot[page] == HEAT_HOT)
        return false;
    if (region->hot[page] == HEAT_COOL)
        warm(region, page);
    else
        heat(region, page);
    return true;
}

void rewind_all(void) {
    for (int i = 0; i < lasting->region_count; i++)
        for (size_t page = 0; page < lasting->regions[i].pages; page++)
            heat(&lasting->regions[i], page);
}

void rewind_memory(void) {
    for (int i = 0; i < lasting->hot_count; i++)
        memcpy(lasting->hot[i].page, lasting->hot[i].copy, PAGE);
}

static void add_region(char *start, char *end) {
    if (start >= end)
        return;
    if (lasting->region_count == LASTING_REGIONS)
        unsupported_number(0, SAY_MANY_STRETCHES, LASTING_REGIONS);
    size_t pages = (size_t)(end - start) / PAGE;
    lasting->regions[lasting->region_count++] = (struct region){
        .start = start,
        .pages = pages,
        .hot = lasting_new(pages),
    };
}

/* The runtime's own maps, all between these addresses, are nobody's to rewind. */
static bool is_ours(uintptr_t address) {
    return address >= SHARED_ADDRESS && address < STACK_ADDRESS + STACK_SPACE * OP_ACTORS;
}

static const char *parse_hex(const char *text, uintptr_t *value) {
    *value = 0;
    for (;; text++) {
        int digit = *text >= '0' && *text <= '9'   ? *text - '0'
                    : *text >= 'a' && *text <= 'f' ? *text - 'a' + 10
                                                   : -1;
        if (digit < 0)
            return text;
        *value = *value * 16 + (uintptr_t)digit;
    }
}

static bool contains(const char *line, const char *end, const char *word) {
    size_t length = strlen(word);
    for (; line + length <= end; line++)
        if (memcmp(line, word, length) == 0)
            return true;
    return false;
}

/* One line of /proc/self/maps: "start-end rw-p ... [stack]". */
static void add_line(const char *line, const char *line_end, char *arguments) {
    uintptr_t start, end;
    const char *rest = parse_hex(line, &start);
    rest = parse_hex(rest + 1, &end);
    if (memcmp(rest, " rw-p", 5) != 0 || is_ours(start))
        return;
    if (contains(rest, line_end, "[stack]"))
        start = ((uintptr_t)arguments + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
    add_region((char *)start, (char *)end);
}

static int add_maps(char *arguments) {
    enum { SPACE = 1 << 22 };
    char *text = lasting_new(SPACE);
    long fd =
        system_call(SYS_openat, AT_FDCWD, (long)"/proc/self/maps", O_RDONLY | O_CLOEXEC, 0, 0, 0);
    if (fd < 0)
        return -1;
    size_t length = 0;
    long got;
    while ((got = system_call(SYS_read, fd, (long)(text + length), (long)(SPACE - length), 0, 0,
                              0)) > 0)
        length += (size_t)got;
    system_call(SYS_close, fd, 0, 0, 0, 0, 0);
    if (length == SPACE)
        return -1;
    for (char *line = text, *end; line < text + length; line = end + 1) {
        for (end = line; *end != '\n' && end < text + length; end++)
            ;
        add_line(line, end, arguments);
    }
    return 0;
}

static void add_tls(void) {
    for (int i = 1; i < tls_count(); i++) {
        char *start;
        size_t size;
        tls_extent(i, &start, &size);
        add_region(start, start + size);
    }
}

/* Its pages but the hot ones, as many at once as lie together. */
static void protect_cold(const struct region *region) {
    for (size_t page = 0, end; page < region->pages; page = end + 1) {
        for (end = page; end < region->pages && !region->hot[end]; end++)
            ;
        if (end > page)
            protect(region->start + page * PAGE, (end - page) * PAGE, PROT_READ);
    }
}

static char *page_up(char *address) {
    return (char *)(((uintptr_t)address + PAGE - 1) & ~(uintptr_t)(PAGE - 1));
}

int rewind_snapshot(char *arguments) {
    leave_out_ours();
    if (add_maps(arguments) != 0)
        return -1;
    add_tls();
    char *start, *end;
    blocks_kept(&start, &end);
    add_region(start, end);
    struct memory_extent compared, noted, scratch;
    memory_extents(&compared, &noted, &scratch);
    add_region(compared.start, page_up(compared.end));
    add_region(noted.start, page_up(noted.end));
    for (int i = 0; i < lasting->region_count; i++)
        protect_cold(&lasting->regions[i]);
    return 0;
}

/* The part of [*start, end) that lies before a range to be left out; *start then lies behind it. */
static uint64_t hash_before(uint64_t hash, char **start, char *end, char *skip, char *skip_end) {
    if (skip >= end || skip_end <= *start)
        return hash;
    if (skip > *start)
        hash = hash_bytes(hash, *start, (size_t)(skip - *start));
    *start = skip_end < end ? skip_end : end;
    return hash;
}

uint64_t rewind_hash(uint64_t hash) {
    for (int i = 0; i < lasting->hot_count; i++) {
        char *start = lasting->hot[i].page, *end = start + PAGE;
        /* data lies before bss */
        hash = hash_before(hash, &start, end, __start_hazard_data, __stop_hazard_data);
        hash = hash_before(hash, &start, end, __start_hazard_bss, __stop_hazard_bss);
        hash = hash_bytes(hash, start, (size_t)(end - start));
    }
    return hash;
}

static bool is_mapped(uintptr_t address) {
    unsigned char resident;
    return system_call(SYS_mincore, (long)(address & ~(uintptr_t)(PAGE - 1)), PAGE, (long)&resident,
                       0, 0, 0) == 0;
}

void rewind_touch_for_kernel(uintptr_t address, uint64_t size) {
    uintptr_t end = address + size;
    while (address < end && is_mapped(address)) {
        volatile char *byte = (volatile char *)address;
        *byte = *byte;
        address = (address | (PAGE - 1)) + 1;
    }
}
