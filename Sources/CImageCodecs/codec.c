#include "codec.h"

#include <stdlib.h>
#include <string.h>

const codec_metadata *codec_reader_metadata(const codec_reader *reader) { return &reader->metadata; }

codec_status codec_reader_read_row(codec_reader *reader, void *row, codec_failure *failure) {
    return reader->read_row(reader, row, failure);
}

void codec_reader_close(codec_reader *reader) {
    if (reader) reader->close(reader);
}

codec_status codec_writer_write_row(codec_writer *writer, const void *row, codec_failure *failure) {
    return writer->write_row(writer, row, failure);
}

codec_status codec_writer_finish(codec_writer *writer, codec_failure *failure) { return writer->finish(writer, failure); }

void codec_writer_close(codec_writer *writer) {
    if (writer) writer->close(writer);
}

void codec_reader_add_block(codec_reader *reader, codec_block_kind kind, uint32_t tag, const void *bytes, size_t count) {
    codec_metadata *metadata = &reader->metadata;
    for (size_t i = 0; i < metadata->block_count; i++) {
        if (metadata->blocks[i].kind == kind && metadata->blocks[i].tag == tag) return;
    }
    if (count == 0) return;
    uint8_t *copy = malloc(count);
    codec_block *blocks = realloc((void *)metadata->blocks, (metadata->block_count + 1) * sizeof *blocks);
    if (blocks) metadata->blocks = blocks;
    if (!copy || !blocks) {
        free(copy);
        return;
    }
    memcpy(copy, bytes, count);
    blocks[metadata->block_count++] = (codec_block){kind, tag, copy, count};
}

void codec_reader_free_blocks(codec_reader *reader) {
    for (size_t i = 0; i < reader->metadata.block_count; i++) free((void *)reader->metadata.blocks[i].bytes);
    free((void *)reader->metadata.blocks);
}

const codec_block *codec_find_block(const codec_metadata *metadata, codec_block_kind kind) {
    for (size_t i = 0; i < metadata->block_count; i++) {
        if (metadata->blocks[i].kind == kind) return &metadata->blocks[i];
    }
    return NULL;
}
