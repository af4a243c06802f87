/* What search.c asks of positions.c. */
#ifndef POSITIONS_H
#define POSITIONS_H

#include "core.h"
#include "packing.h"

/* Blocks of postings as they were read last, by their number: documents are looked through one after
 * another, and most forms of a word have all their postings in one block. */
enum { KEPT_BLOCKS = 64 };
typedef struct {
    const Postings *of[KEPT_BLOCKS];
    int64_t numbers[KEPT_BLOCKS];
    int64_t read[KEPT_BLOCKS][BLOCK];
} Blocks;

/* To begin with: segments closed since may have been where others are now. */
void forget_blocks(Blocks *blocks);

double measure_document_closeness(const Segment *segment, const SlotTable *table,
                                  int64_t document, Blocks *blocks, Workspace *workspace);

#endif
