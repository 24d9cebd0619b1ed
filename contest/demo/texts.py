"""Words of the demo's contests, as a provincial organiser would write them."""

from typing import Final

TITLE: Final = "Cuộc thi tìm hiểu tư tưởng, đạo đức, phong cách Hồ Chí Minh năm 2026"
OTHER_TITLE: Final = "Hội thi trực tuyến tìm hiểu Di chúc của Chủ tịch Hồ Chí Minh"
SUMMARY: Final = (
    "Ban Tuyên giáo và Dân vận Tỉnh ủy Lâm Sơn tổ chức, dành cho cán bộ, đoàn viên và nhân dân "
    "trong tỉnh. Mỗi tuần một vòng thi, thi trên điện thoại hoặc máy tính."
)
SUBJECT_MATTER: Final = (
    "Tác phẩm “Sửa đổi lối làm việc”, Chỉ thị 05-CT/TW và các gương điển hình ở địa phương"
)
AUDIENCE: Final = "Mọi người từ đủ 14 tuổi đang sống, học tập hoặc làm việc tại tỉnh Lâm Sơn"
CONTACT: Final = "Tổ Thư ký cuộc thi, điện thoại 0905 000 000, 7:30–17:00 các ngày làm việc"
RULES: Final = """\
# Ai không được xét giải?
Thành viên Ban Tổ chức, Tổ Thư ký, Ban Giám khảo và người tham gia ra đề được dự thi nhưng không xét giải.

# Mỗi tuần thi thế nào?
Mỗi tuần mở từ 10:00 thứ Hai đến 9:00 thứ Hai tuần sau. Một bài thi có 20 câu trắc nghiệm và một câu dự đoán, làm trong 15 phút. Bạn được thi nhiều lượt; lượt có kết quả tốt nhất được tính.

# Rớt mạng khi đang thi thì sao?
Câu đã chọn được giữ trên máy và tự gửi khi có mạng lại. Bài bắt đầu trước giờ đóng vẫn được làm đủ 15 phút.

# Khiếu nại kết quả ở đâu, trong bao lâu?
Gửi về Tổ Thư ký trong 07 ngày kể từ ngày công bố kết quả của tuần. Tổ Thư ký trả lời bằng văn bản trong 05 ngày làm việc.

# Thông tin của tôi dùng làm gì?
Họ tên, đơn vị và kết quả chỉ được công bố khi bạn đồng ý; nếu không, kết quả ghi bằng chữ cái đầu. Nhật ký thiết bị được xóa sau 90 ngày.
"""
DECISION: Final = "47-QĐ/BTC"
