/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * All memory that an execution can change has an image, which is what it was at the latest checkpoint. At
 * the next one both are compared line by line (64 bytes); where they differ, the old line goes into a
 * log, and the image becomes the new one. So nobody has to be trusted to tell what was written: not the
 * compiler's hooks, nor libraries, nor our own code. Going back undoes the log from its end.
 *
 * What there is to compare: the pages that were ever written (rewind.c), the heaps beyond what was
 * there before main, the stacks above their stack pointers (below them all becomes zero), the world, and
 * the books: of the heap, of calls, of races. The shadow of memory is large, so there those who
 * write say where (shadow.c). Images of what lies at fixed addresses lie at a distance.
 *
 * The same pass keeps the sum of hashes of all lines that are part of the state, against what they were before
 * main: a line that never changed adds nothing.
 *
 * With no room left in the log, what it has is dropped: then an execution begins at main once more.
 */
#include "explore/runtime/base.h"

#include <cpuid.h>
#include <immintrin.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "explore/runtime/blocks.h"
#include "explore/runtime/checkpoint.h"
#include "explore/runtime/clocks.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/fingerprint.h"
#include "explore/runtime/frames.h"
#include "explore/runtime/input.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/places.h"
#include "explore/runtime/rewind.h"
#include "explore/runtime/shadow.h"
#include "explore/runtime/stack.h"
#include "explore/runtime/state.h"
#include "explore/runtime/system_call.h"
#include "explore/runtime/tls.h"
#include "explore/runtime/undo.h"
#include "explore/runtime/unsupported.h"

enum { LINE = UNDO_LINE, PAGE = 4096, MARKS = 1 << 22 };

struct checkpoints {
    bool wide;     /* the processor compares 32 bytes at once */
    bool summed;   /* what it comes to is asked for */
    bool any;      /* since main began */
    bool restores; /* what differs from its image becomes like that, not the other way round */
    int count;
    int64_t moves;             /* lasting->moves at the last one */
    bool mapped[OP_ACTORS];    /* the images of an actor's stack, heap and blocks are there */
    struct fingerprint memory; /* the sum over all lines that are part of the state */
    struct sums {
        struct fingerprint stack, blocks;
        char *low;  /* the stack is zero below it */
        char *hook; /* the fiber's, as the sum was made */
    } sums[OP_ACTORS];
    struct mark {
        size_t count; /* of the log */
        struct fingerprint memory;
        int step;
    } marks[MARKS]; /* in their order */
};
#define checkpoints ((struct checkpoints *)CHECKPOINTS_ADDRESS)
_Static_assert(sizeof(struct sums) <= LINE, "saved at once");

/* AVX2 is there, and the system keeps its registers. (libgcc's answer would bring the program a constructor.) */
static bool compares_wide(void) {
    enum { VECTORS_KEPT = 6 };
    unsigned a, b, c, d, kept, unused;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE) || !(c & bit_AVX) ||
        !__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b & bit_AVX2))
        return false;
    __asm__("xgetbv" : "=a"(kept), "=d"(unused) : "c"(0));
    return (kept & VECTORS_KEPT) == VECTORS_KEPT;
}

/* --- images --- */

static void image_map(uintptr_t start, size_t size) {
    if (!place_map(start + (uintptr_t)IMAGE_DISTANCE, size))
        unsupported(0, SAY_NO_CHECKPOINTS);
}

static void actor_images_map(int id) {
    if (checkpoints->mapped[id])
        return;
    checkpoints->mapped[id] = true;
    image_map(stack_pages(id).start, stack_pages(id).size);
    image_map(region_start(id), HEAP_SIZE);
    image_map((uintptr_t)region_blocks(id), BLOCKS_SIZE);
}

static size_t page_up(size_t size) {
    return (size + PAGE - 1) & ~(size_t)(PAGE - 1);
}

void checkpoint_start(bool summed) {
    place_take(CHECKPOINTS_ADDRESS, page_up(sizeof *checkpoints));
    undo_start();
    checkpoints->wide = compares_wide();
    image_map(CLOCKS_ADDRESS, page_up(sizeof *clocks));
    image_map(CELLS_ADDRESS, SHADOW_SIZE);
    image_map(FRAMES_ADDRESS, FRAMES_SIZE * OP_ACTORS);
    image_map(BOOKS_ADDRESS, page_up(sizeof *heap_books));
    image_map(EXECUTION_ADDRESS, MEMORY_SIZE);
    clocks->kept = true;
    clocks->watched = checkpoints->summed = summed;
    checkpoints->any = false;
    checkpoints->count = 0;
}

static void forget(uintptr_t start, size_t size) {
    system_call(SYS_madvise, (long)(start + (uintptr_t)IMAGE_DISTANCE), (long)size, MADV_DONTNEED,
                0, 0, 0);
}

/* All that is not a page of the program's was zero, or counts for nothing. */
static void images_clear(void) {
    forget(CLOCKS_ADDRESS, page_up(sizeof *clocks));
    forget(CELLS_ADDRESS, SHADOW_SIZE);
    forget(FRAMES_ADDRESS, FRAMES_SIZE * OP_ACTORS);
    forget(BOOKS_ADDRESS, page_up(sizeof *heap_books));
    forget(EXECUTION_ADDRESS, MEMORY_SIZE);
    for (int id = 0; id < OP_ACTORS; id++)
        if (checkpoints->mapped[id]) {
            forget(stack_pages(id).start, stack_pages(id).size);
            forget(region_start(id), HEAP_SIZE);
            forget((uintptr_t)region_blocks(id), BLOCKS_SIZE);
        }
    for (int i = 0; i < lasting->hot_count; i++)
        if (lasting->hot[i].image != NULL)
            memcpy(lasting->hot[i].image, lasting->hot[i].copy, PAGE);
}

void checkpoint_begin(void) {
    if (checkpoints->any)
        images_clear();
    undo_begin();
    for (uint32_t i = 0; i < clocks->marked_count; i++)
        clocks->is_marked[clocks->marked[i]] = 0;
    clocks->marked_count = 0;
    checkpoints->any = false;
    checkpoints->count = 0;
    checkpoints->memory = (struct fingerprint){0};
    memset(checkpoints->sums, 0, sizeof checkpoints->sums);
}

/* --- lines --- */

/* The first line from `line` on that differs from its image; none: `end`, or behind it. */
static char *differing_narrow(char *line, const char *end, ptrdiff_t distance) {
    enum { VECTORS = LINE / (int)sizeof(__m128i) };
    const __m128i zero = _mm_setzero_si128();
    for (; line < end; line += LINE) {
        const __m128i *x = (const __m128i *)(const void *)line;
        const __m128i *y = (const __m128i *)(const void *)(line + distance);
        __m128i differs = zero;
        for (int i = 0; i < VECTORS; i++)
            differs =
                _mm_or_si128(differs, _mm_xor_si128(_mm_load_si128(x + i), _mm_load_si128(y + i)));
        if (_mm_movemask_epi8(_mm_cmpeq_epi8(differs, zero)) != 0xffff)
            return line;
    }
    return line;
}

__attribute__((target("avx2"))) static bool lines_differ_wide(const char *line, int count,
                                                              ptrdiff_t distance) {
    const __m256i *x = (const __m256i *)(const void *)line;
    const __m256i *y = (const __m256i *)(const void *)(line + distance);
    __m256i differs = _mm256_xor_si256(x[0], y[0]);
    for (int i = 1; i < count * LINE / (int)sizeof *x; i++)
        differs = _mm256_or_si256(differs, _mm256_xor_si256(x[i], y[i]));
    return !_mm256_testz_si256(differs, differs);
}

__attribute__((target("avx2"))) static char *differing_wide(char *line, const char *end,
                                                            ptrdiff_t distance) {
    enum { AT_ONCE = 4 };
    while (line + AT_ONCE * LINE <= end && !lines_differ_wide(line, AT_ONCE, distance))
        line += AT_ONCE * LINE;
    while (line < end && !lines_differ_wide(line, 1, distance))
        line += LINE;
    return line;
}

static inline char *differing(char *line, const char *end, ptrdiff_t distance) {
    return checkpoints->wide ? differing_wide(line, end, distance)
                             : differing_narrow(line, end, distance);
}

static char *line_of(const void *at) {
    return (char *)((uintptr_t)at & ~(uintptr_t)(LINE - 1));
}

static void differs(char *line, char *image) {
    if (checkpoints->restores)
        memcpy(line, image, LINE);
    else
        undo_save_line(line, image);
}

/* It is no part of the state. True: something has changed. */
static bool look(const void *start, const void *end, ptrdiff_t distance) {
    bool any = false;
    char *line = line_of(start);
    for (; (line = differing(line, end, distance)) < (const char *)end; line += LINE) {
        differs(line, line + distance);
        any = true;
    }
    return any;
}

static bool look_far(const void *start, size_t size) {
    return look(start, (const char *)start + size, IMAGE_DISTANCE);
}

/* Is what it comes to wanted now? Going back brings it back as a whole. */
static bool sums(void) {
    return checkpoints->summed && !checkpoints->restores;
}

static void change(const char *line, const char *before, const char *after) {
    fingerprint_subtract(&checkpoints->memory, fingerprint_of(before, LINE, (uintptr_t)line));
    fingerprint_add(&checkpoints->memory, fingerprint_of(after, LINE, (uintptr_t)line));
}

/* It is. */
static bool look_summed(const void *start, const void *end, ptrdiff_t distance) {
    bool any = false;
    if (!sums())
        return look(start, end, distance);
    char *line = line_of(start);
    for (; (line = differing(line, end, distance)) < (const char *)end; line += LINE) {
        change(line, line + distance, line);
        undo_save_line(line, line + distance);
        any = true;
    }
    return any;
}

/* A page that has more than what is part of the state. */
static bool look_mixed(char *page, ptrdiff_t distance) {
    bool any = false;
    char before[LINE], after[LINE];
    char *line = page, *end = page + PAGE;
    for (; (line = differing(line, end, distance)) < end; line += LINE) {
        memcpy(before, line + distance, LINE);
        memcpy(after, line, LINE);
        rewind_clear_left_out(before, line, LINE);
        rewind_clear_left_out(after, line, LINE);
        change(line, before, after);
        undo_save_line(line, line + distance);
        any = true;
    }
    return any;
}

/* --- what there is --- */

static bool look_at_page(const struct hot_page *hot) {
    ptrdiff_t distance = hot->image - hot->page;
    switch (sums() ? (enum page_owner)hot->owner : PAGE_OURS) {
    case PAGE_PROGRAM:
        return look_summed(hot->page, hot->page + PAGE, distance);
    case PAGE_OURS:
        return look(hot->page, hot->page + PAGE, distance);
    case PAGE_MIXED:
        return look_mixed(hot->page, distance);
    }
    return true;
}

/* One that did not change for long is left alone, until a write to it faults. */
static void look_at_pages(void) {
    enum { LONG = 1000 };
    for (int i = 0; i < lasting->hot_count; i++) {
        struct hot_page *hot = &lasting->hot[i];
        if (hot->cool)
            continue;
        if (hot->image == NULL) {
            hot->image = lasting_new(PAGE);
            memcpy(hot->image, hot->copy, PAGE);
        }
        if (look_at_page(hot))
            hot->still = 0;
        else if (++hot->still == LONG)
            rewind_cool(hot);
    }
}

static void look_at_memory(void) {
    struct memory_extent compared, noted, scratch;
    memory_extents(&compared, &noted, &scratch);
    look_summed(compared.start, compared.end, IMAGE_DISTANCE);
    look(noted.start, noted.end, IMAGE_DISTANCE);
    look(scratch.start, scratch.end, IMAGE_DISTANCE);
}

/* (Here and below: how far to look is asked before that, too, is looked at.) */
static void look_at_heap(void) {
    int used = heap_books->used;
    for (int region = 0; region < used; region++) {
        const struct region_books *books = &heap_books->regions[region];
        if (!books->mapped)
            continue;
        actor_images_map(region);
        look_summed((const void *)page_up(books->kept_next), (const void *)books->next,
                    IMAGE_DISTANCE);
        bool changed = look_far(region_blocks(region), books->count * sizeof(struct block));
        changed |= look_far(books, sizeof *books);
        if (changed && sums()) {
            undo_save(&checkpoints->sums[region], sizeof checkpoints->sums[region]);
            checkpoints->sums[region].blocks = state_of_blocks(region);
        }
    }
    look_far(&heap_books->used, sizeof heap_books->used);
}

/* What functions left below the stack pointer becomes zero: the same in whatever order things happened. */
static void clean_below(const struct fiber *fiber) {
    enum { BELOW = 1024 };
    char *low = fiber->lowest - BELOW, *bottom = stack_of(fiber->id) - STACK_SIZE;
    if (low < bottom)
        low = bottom;
    if (low < (char *)fiber->sp && (char *)fiber->sp < stack_of(fiber->id))
        memset(low, 0, (size_t)((char *)fiber->sp - low));
}

/* Who has crashed is on another stack. */
static char *lowest_in_use(const struct fiber *fiber) {
    char *top = stack_of(fiber->id), *sp = fiber->sp;
    return sp < top && sp >= top - STACK_SIZE ? sp : fiber->lowest;
}

static void look_at_stack(const struct fiber *fiber) {
    struct sums *sums = &checkpoints->sums[fiber->id];
    char *top = stack_of(fiber->id), *sp = lowest_in_use(fiber), *low = sp;
    actor_images_map(fiber->id);
    if (sums->low != NULL && sums->low < low)
        low = sums->low;
    if ((!look(low, top, IMAGE_DISTANCE) && sums->low == sp && sums->hook == fiber->hook) ||
        checkpoints->restores)
        return;
    undo_save(sums, sizeof *sums);
    sums->low = sp;
    sums->hook = fiber->hook;
    sums->stack = state_of_stack(fiber);
}

/* What is below its stack pointer may be read by who does not set what it reads; it changes while the thread runs. */
static void look_at_whole_stack(const struct fiber *fiber) {
    enum { BELOW = 1024 };
    char *top = stack_of(fiber->id), *low = fiber->lowest - BELOW;
    actor_images_map(fiber->id);
    if (!lasting->ran[fiber->id])
        low = lowest_in_use(fiber);
    lasting->ran[fiber->id] = false;
    look(low < top - STACK_SIZE ? top - STACK_SIZE : low, top, IMAGE_DISTANCE);
}

static void look_at_frames(const struct fiber *fiber) {
    struct frames_entry *frames = frames_of(fiber->id);
    uintptr_t deepest = frames->depth + 1;
    if (deepest < frames->top)
        deepest = frames->top;
    frames->top = 0;
    look_far(frames, (deepest + 1) * sizeof *frames);
}

static void look_at_threads(void) {
    for (int id = 0; id < fiber_count; id++) {
        const struct fiber *fiber = fibers[id];
        if (fiber == NULL || fiber->buffer_of != NULL)
            continue;
        if (!checkpoints->summed) {
            look_at_whole_stack(fiber);
        } else {
            if (fiber == self)
                clean_below(fiber);
            look_at_stack(fiber);
        }
        look_at_frames(fiber);
    }
}

/* As far as they reach now, or did at the latest checkpoint. */
static void look_at_books(const struct past_books *books) {
    const struct past_books *image = (const void *)((const char *)books + IMAGE_DISTANCE);
    int count = books->count > image->count ? books->count : image->count;
    look_far(books, offsetof(struct past_books, epochs) + (size_t)count * sizeof books->epochs[0]);
}

static void look_at_clocks(void) {
    int used = clocks->used;
    size_t row = (size_t)used * sizeof(uint32_t);
    look_far(clocks, (size_t)((char *)clocks->now - (char *)clocks));
    look_far(clocks->quiet, row);
    for (int id = 0; id < used; id++) {
        look_far(&clocks->now[id], row);
        look_far(&clocks->seen[id], row);
        look_far(&clocks->offered[id], row);
        look_far(&clocks->parts[id], sizeof clocks->parts[id]);
        if (checkpoints->summed)
            look_at_books(&clocks->books[id]);
    }
}

static void look_at_shadow(void) {
    for (uint32_t i = 0; i < clocks->marked_count; i++) {
        uintptr_t start = CELLS_ADDRESS + (uintptr_t)clocks->marked[i] * SHADOW_CHUNK;
        clocks->is_marked[clocks->marked[i]] = 0;
        look_far((const void *)start, SHADOW_CHUNK);
    }
    clocks->marked_count = 0;
}

static void look_at_all(void) {
    look_at_threads();
    look_at_memory();
    look_at_heap();
    look_at_clocks();
    look_at_shadow();
    look_at_pages();
}

static struct fingerprint print_now(void) {
    struct fingerprint sum = checkpoints->memory;
    if (!checkpoints->summed)
        return sum;
    for (int id = 0; id < fiber_count || id < heap_books->used; id++) {
        fingerprint_add(&sum, checkpoints->sums[id].stack);
        fingerprint_add(&sum, checkpoints->sums[id].blocks);
    }
    return state_print(sum);
}

struct fingerprint checkpoint_take(int step) {
    input_keep();
    look_at_all();
    checkpoints->moves = lasting->moves;
    checkpoints->any = true;
    if (checkpoints->count == MARKS || !undo_is_whole())
        checkpoints->count = 0;
    else
        checkpoints->marks[checkpoints->count++] =
            (struct mark){undo_count(), checkpoints->memory, step};
    undo_renew();
    return print_now();
}

int checkpoint_latest(void) {
    return checkpoints->count == 0 ? -1 : checkpoints->marks[checkpoints->count - 1].step;
}

/* The latest of no more steps than that; NULL: there is none. */
static const struct mark *find_mark(int step) {
    int count = checkpoints->count;
    while (count > 0 && checkpoints->marks[count - 1].step > step)
        count--;
    return count == 0 ? NULL : &checkpoints->marks[count - 1];
}

int checkpoint_back(int step, struct fingerprint *state) {
    const struct mark *mark = find_mark(step);
    if (mark == NULL || lasting->touched)
        return -1;
    tls_use(tls_pointer(0));
    checkpoints->restores = true;
    if (checkpoints->moves == lasting->moves)
        look_at_pages(); /* since the last one only the kernel ran */
    else
        look_at_all();
    checkpoints->restores = false;
    if (!undo_is_whole())
        return -1;
    undo_back(mark->count);
    checkpoints->memory = mark->memory;
    checkpoints->count = (int)(mark - checkpoints->marks) + 1;
    checkpoints->moves = -1;
    tls_renew();
    input_back();
    *state = print_now();
    return mark->step;
}
