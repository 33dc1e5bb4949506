#include "codec.h"

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
